import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUnmultiplexed, type RtpPacket } from '../../../src/packet/rtp-packet.ts';
import { RtpdumpReader, type RtpdumpRecord } from '../../../src/rtpdump/rtpdump-reader.ts';
import { parseSessionDescription, type SessionDescription } from '../../../src/sdp/session-description.ts';

export interface Recorded {
  readonly description: SessionDescription;
  readonly records: readonly RtpdumpRecord[];
}

/** A recording in `chromium/`. */
export function recorded(name: string): Recorded {
  const path = join(import.meta.dirname, 'chromium', name);
  const reader = new RtpdumpReader();
  reader.push(readFileSync(`${path}.rtpdump`));
  const records: RtpdumpRecord[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) records.push(record);
  return { description: parseSessionDescription(readFileSync(`${path}.sdp`, 'utf8')), records };
}

export function packetOf({ kind, bytes }: Pick<RtpdumpRecord, 'kind' | 'bytes'>): RtpPacket | undefined {
  const packet = kind === 'rtp' ? parseUnmultiplexed(bytes) : 'rtcp';
  return typeof packet === 'string' ? undefined : packet;
}
