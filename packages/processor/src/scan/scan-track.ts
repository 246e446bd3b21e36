import { join } from 'node:path';
import { ArchiveError, openEntry } from '@rawreel/archive';
import { type MediaPacket, opusChannels, opusDurationTicks, RtpdumpError } from '@rawreel/rtp';
import type { PlannedSegment } from '../plan/plan.ts';
import type { TrackProblem } from '../report/report.ts';
import { DelayEnvelope } from '../time/delay-envelope.ts';
import type { RunScan } from '../time/place-runs.ts';
import { dumpStartMs } from '../time/server-clock.ts';
import { clockRateOf, DumpPackets } from './dump-packets.ts';
import { hasRoomFor, isWorthSpooling, SpoolWriter } from './spool.ts';

export type StreamStatistics = DumpPackets['stream']['statistics'];

/** What one reading of a dump tells, before anything is written. */
export interface SegmentScan {
  readonly segment: PlannedSegment;
  readonly runs: readonly RunScan[];
  readonly statistics: StreamStatistics | undefined;
  /** True when an Opus packet of it is stereo. */
  readonly stereo: boolean;
  /** Copy of the inflated bytes, where one was made. */
  readonly spool?: string;
  /** Inflated bytes read. */
  readonly bytes: number;
  readonly problems: readonly TrackProblem[];
}

export interface ScanOptions {
  readonly workFolder: string;
  /** Distinguishes this track's spools from others in the folder. */
  readonly prefix: string;
  readonly nearMs?: number;
  readonly maxEntrySize?: number;
  readonly signal?: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

type Finding = Pick<TrackProblem, 'code' | 'severity' | 'message'>;

/** Reads every dump of a track once: who was heard when, on which clocks, and what is damaged. */
export async function scanTrack(
  segments: readonly PlannedSegment[],
  options: ScanOptions,
): Promise<SegmentScan[]> {
  const scans: SegmentScan[] = [];
  for (const [index, segment] of segments.entries()) scans.push(await scanSegment(segment, index, options));
  return scans;
}

async function scanSegment(
  segment: PlannedSegment,
  index: number,
  options: ScanOptions,
): Promise<SegmentScan> {
  const { dump, codec } = segment;
  if (dump === undefined || codec === undefined) {
    return { segment, runs: [], statistics: undefined, stereo: false, bytes: 0, problems: [] };
  }
  const packets = new DumpPackets(codec, segment.sdp);
  const runs = new RunCollector(index, clockRateOf(codec), codec === 'opus');
  const findings: Finding[] = [];
  const copies = isWorthSpooling(dump);
  const spool =
    copies && hasRoomFor(dump.size, options.workFolder)
      ? join(options.workFolder, `${options.prefix}-${index}`)
      : undefined;
  if (copies && spool === undefined) findings.push(noRoom(dump.name, options.workFolder));
  using writer = spool === undefined ? undefined : new SpoolWriter(spool);
  let bytes = 0;
  try {
    for await (const chunk of openEntry(dump, entryOptions(options))) {
      bytes += chunk.length;
      writer?.write(chunk);
      packets.feed(chunk, runs.take);
      options.onBytes(chunk.length);
    }
  } catch (error) {
    findings.push(readingFailed(error, dump.name));
  }
  packets.end(runs.take);
  findings.push(...findingsOf(packets, dump.name, dump.size, findings.length > 0));
  const problems = findings.map(
    (finding): TrackProblem => ({ ...finding, segment: segment.base, entry: dump.name }),
  );
  return {
    segment,
    runs: runs.finish(packets, segment, options.nearMs),
    statistics: packets.stream.statistics,
    stereo: runs.stereo,
    bytes,
    problems,
    ...(spool === undefined ? {} : { spool }),
  };
}

const entryOptions = ({ signal, maxEntrySize }: ScanOptions) => ({
  ...(signal === undefined ? {} : { signal }),
  ...(maxEntrySize === undefined ? {} : { maxEntrySize }),
});

const noRoom = (entry: string, folder: string): Finding => ({
  code: 'SPOOL_NO_ROOM',
  severity: 'notice',
  message: `no room in ${folder} for a copy of ${entry}: it is inflated twice`,
});

/** Damage in the entry or the dump is a finding; anything else, such as an abort or a full disk, fails the track. */
function readingFailed(error: unknown, entry: string): Finding {
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

function findingsOf(
  { reader, stream }: DumpPackets,
  entry: string,
  size: number,
  alreadyBroken: boolean,
): Finding[] {
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
  const { malformed, received } = stream.statistics;
  const records = reader.rtpRecords + reader.rtcpRecords;
  if (malformed > 0) {
    findings.push({
      code: 'DUMP_GARBAGE_RECORDS',
      severity: 'damage',
      message: `${entry}: ${malformed} of ${records} records are neither RTP nor RTCP; they were skipped`,
    });
  }
  if (reader.header !== undefined && records === 0 && !alreadyBroken) {
    findings.push({
      code: 'DUMP_NO_RECORDS',
      severity: 'notice',
      message: `${entry} has a header and no records: an empty segment`,
    });
  } else if (reader.header !== undefined && received === 0 && findings.length === 0 && !alreadyBroken) {
    findings.push({
      code: 'DUMP_NO_MEDIA',
      severity: 'notice',
      message: `${entry}: none of its ${records} records is media of this track`,
    });
  }
  return findings;
}

/** Sums packets up to runs while they go by. */
class RunCollector {
  readonly #segment: number;
  readonly #clockRate: number;
  readonly #isOpus: boolean;
  readonly #runs: {
    run: number;
    firstTicks: number;
    endTicks: number;
    firstMs: number;
    lastMs: number;
    packets: number;
    delays: DelayEnvelope;
  }[] = [];
  #firstOffsetMs: number | undefined;
  stereo = false;

  constructor(segment: number, clockRate: number, isOpus: boolean) {
    this.#segment = segment;
    this.#clockRate = clockRate;
    this.#isOpus = isOpus;
  }

  readonly take = (packet: MediaPacket): void => {
    const { rtpTicks, receivedMs } = packet;
    this.#firstOffsetMs ??= receivedMs;
    let current = this.#runs.at(-1);
    if (current?.run !== packet.run) {
      current = {
        run: packet.run,
        firstTicks: rtpTicks,
        endTicks: rtpTicks,
        firstMs: receivedMs,
        lastMs: receivedMs,
        packets: 0,
        delays: new DelayEnvelope(),
      };
      this.#runs.push(current);
    }
    const duration = this.#isOpus ? (opusDurationTicks(packet.payload) ?? 0) : 0;
    if (this.#isOpus && opusChannels(packet.payload[0] ?? 0) === 2) this.stereo = true;
    current.endTicks = Math.max(current.endTicks, rtpTicks + duration);
    current.firstMs = Math.min(current.firstMs, receivedMs);
    current.lastMs = Math.max(current.lastMs, receivedMs);
    current.packets++;
    current.delays.add((rtpTicks / this.#clockRate) * 1000, receivedMs);
  };

  finish({ reader, stream }: DumpPackets, { timing }: PlannedSegment, nearMs: number | undefined): RunScan[] {
    const base = dumpStartMs({
      headerStartMs: reader.header?.startUnixMs ?? 0,
      firstOffsetMs: this.#firstOffsetMs ?? 0,
      ...(timing.firstRtpUnixMs === undefined ? {} : { metadataFirstMs: timing.firstRtpUnixMs }),
      ...(nearMs === undefined ? {} : { nearMs }),
    });
    return this.#runs.map((run) => ({
      segment: this.#segment,
      run: run.run,
      ssrc: stream.runs[run.run]?.ssrc ?? 0,
      continuesTicks: stream.runs[run.run]?.continuesTicks ?? false,
      firstTicks: run.firstTicks,
      endTicks: run.endTicks,
      firstReceivedMs: base + run.firstMs,
      lastReceivedMs: base + run.lastMs,
      packets: run.packets,
      delays: run.delays
        .samples()
        .map(({ mediaMs, receivedMs }) => ({ mediaMs, receivedMs: base + receivedMs })),
      reports: stream.senderReports.filter((report) => report.run === run.run),
    }));
  }
}
