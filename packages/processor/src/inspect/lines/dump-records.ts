import { type MediaStream, RtpdumpError, type RtpdumpRecord } from '@rawreel/rtp';
import type { PlannedSegment, PlannedTrack } from '../../plan/plan.ts';
import { DumpPackets, type TakePacket } from '../../read/dump-packets.ts';
import { type FetchDumps, readableBytesOf } from '../../read/open-dump.ts';
import { dumpStartMs } from '../../time/server-clock.ts';

export interface RecordsOptions {
  /** Of the recording, unix ms. */
  readonly zeroUnixMs: number;
  readonly maxEntrySize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly fetch?: FetchDumps | undefined;
}

export interface WatchedDump {
  readonly segment: PlannedSegment;
  readonly packets: DumpPackets;
  /** Of the record's arrival, from the recording's zero. */
  atMs(offsetMs: number): number;
}

/**
 * Reads the dumps of a track one behind the other, and gives what `watch` makes of each record, a chunk's worth at a time. What is
 * no rtpdump ends there: inspecting says why.
 */
export async function* recordsOf<Item>(
  { segments }: PlannedTrack,
  { zeroUnixMs, ...reading }: RecordsOptions,
  watch: {
    readonly record?: (record: RtpdumpRecord, stream: MediaStream, dump: WatchedDump) => Item | undefined;
    readonly packet?: (dump: WatchedDump) => (...packet: Parameters<TakePacket>) => readonly Item[];
    readonly end?: (dump: WatchedDump) => readonly Item[];
  },
): AsyncGenerator<readonly Item[]> {
  for (const segment of segments) {
    if (segment.dump === undefined || segment.codec === undefined) continue;
    const packets = new DumpPackets(segment.codec, segment.sdp);
    let startMs: number | undefined;
    const dump: WatchedDump = {
      segment,
      packets,
      atMs: (offsetMs) => {
        startMs ??= startOf(packets, segment, offsetMs, zeroUnixMs);
        return startMs - zeroUnixMs + offsetMs;
      },
    };
    let items: Item[] = [];
    packets.watch = (record, stream) => {
      const item = watch.record?.(record, stream, dump);
      if (item !== undefined) items.push(item);
    };
    const taken = watch.packet?.(dump);
    const take: TakePacket = (packet, layer) => {
      if (taken !== undefined) items.push(...taken(packet, layer));
    };
    await reading.fetch?.([segment.dump], reading.signal);
    try {
      for await (const chunk of readableBytesOf(segment.dump, reading)) {
        packets.feed(chunk, take);
        if (items.length > 0) yield items;
        items = [];
      }
      packets.end(take);
    } catch (error) {
      if (!(error instanceof RtpdumpError)) throw error;
    }
    items.push(...(watch.end?.(dump) ?? []));
    if (items.length > 0) yield items;
  }
}

const startOf = (
  { reader }: DumpPackets,
  { timing }: PlannedSegment,
  firstOffsetMs: number,
  nearMs: number,
): number =>
  dumpStartMs({
    headerStartMs: reader.header?.startUnixMs ?? 0,
    firstOffsetMs,
    metadataFirstMs: timing.firstRtpUnixMs,
    nearMs,
  });
