import { ArchiveError, type EntryLocation } from '@rawreel/archive';
import { type ContradictedTimes, RtpdumpError } from '@rawreel/rtp';
import type { DumpPackets } from '../read/dump-packets.ts';
import type { Finding } from '../track-problem.ts';
import { whyNoPacket } from './why-no-packet.ts';

/** Damage in the entry or the dump is a finding; anything else, such as an abort or a full disk, fails the track. */
export function readingFailed(error: unknown, entry: string): Finding {
  if (error instanceof RtpdumpError) {
    return {
      code: 'DUMP_NOT_RTPDUMP',
      severity: 'damage',
      message: `${entry} is not an rtpdump: ${error.message}`,
    };
  }
  if (error instanceof ArchiveError && error.code === 'ERR_ENTRY_TOO_LARGE') {
    return { code: 'ENTRY_TOO_LARGE', severity: 'damage', message: error.message };
  }
  if (error instanceof ArchiveError && error.code === 'ERR_ENTRY_DAMAGED') {
    return { code: 'ENTRY_DAMAGED', severity: 'damage', message: error.message };
  }
  throw error;
}

/** What the end of a dump tells of it; `alreadyBroken` where its entry could not be read to the end. */
export function findingsOf(
  packets: DumpPackets,
  { name: entry, size }: EntryLocation,
  alreadyBroken: boolean,
): Finding[] {
  const { order, reader, stream } = packets;
  const findings: Finding[] = [];
  const percent = (position: number) => `${Math.floor((100 * position) / Math.max(1, size))} %`;
  if (reader.brokenAt !== undefined) {
    findings.push({
      code: 'DUMP_TRUNCATED',
      severity: 'damage',
      message: `${entry}: no record can begin at byte ${reader.brokenAt} (${percent(reader.brokenAt)}); all before it was used`,
    });
  } else if (reader.truncatedBytes > 0 && !alreadyBroken) {
    findings.push({
      code: 'DUMP_TRUNCATED',
      severity: 'damage',
      message: `${entry} ends in the middle of a record, ${reader.truncatedBytes} bytes after its start; all before it was used`,
    });
  }
  const { malformed, cut } = stream.statistics;
  const records = reader.rtpRecords + reader.rtcpRecords;
  if (cut > 0) {
    findings.push({
      code: 'DUMP_CUT_RECORDS',
      severity: 'damage',
      message: `${entry}: ${cut} of ${records} records are cut short: the capture kept only the beginning of their packets (a snap length); they were skipped`,
    });
  }
  if (malformed > cut) {
    findings.push({
      code: 'DUMP_GARBAGE_RECORDS',
      severity: 'damage',
      message: `${entry}: ${malformed - cut} of ${records} records are neither RTP nor RTCP; they were skipped`,
    });
  }
  if (reader.header !== undefined && records === 0 && !alreadyBroken) {
    findings.push({
      code: 'DUMP_NO_RECORDS',
      severity: 'notice',
      message: `${entry} has a header and no records: an empty segment`,
    });
  } else if (records > 0 && stream.runs.length === 0 && findings.length === 0 && !alreadyBroken) {
    const reason = whyNoPacket(packets) ?? `none of its ${records} records has media: nothing was sent`;
    findings.push({ code: 'DUMP_NO_MEDIA', severity: 'notice', message: `${entry}: ${reason}` });
  }
  if (order.contradicted !== undefined) {
    const message = `${entry}: ${ofTimes(order.contradicted, records)}`;
    findings.push({ code: 'TIME_UNCONFIRMED', severity: 'notice', message });
  }
  return findings;
}

function ofTimes({ records, byMs }: ContradictedTimes, all: number): string {
  const far = `${(Math.abs(byMs) / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s ${byMs < 0 ? 'before' : 'after'}`;
  return records === 1
    ? `1 of ${all} records claims to have come ${far} its neighbours; records stand in the order of arrival, so it was taken to have come with them`
    : `${records} of ${all} records claim to have come up to ${far} their neighbours; records stand in the order of arrival, so they were taken to have come with those`;
}
