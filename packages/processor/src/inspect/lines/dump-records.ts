import { CODECS, type MediaStream, RtpdumpError, type RtpdumpRecord } from '@rawreel/rtp';
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

export interface RecordWatch<Item> {
  readonly record?: (record: RtpdumpRecord, stream: MediaStream, dump: WatchedDump) => Item | undefined;
  readonly packet?: (dump: WatchedDump) => (...packet: Parameters<TakePacket>) => readonly Item[];
  readonly end?: (dump: WatchedDump) => readonly Item[];
}

/**
 * Reads the dumps of a track one behind the other, and gives what `watch` makes of each record, a chunk's worth at a time. What is
 * no rtpdump ends there: inspecting says why.
 *
 * @param beside sees the layers that a camera sent beside the followed one (simulcast), behind all of the dump: only then is it known
 * which those are
 */
export async function* recordsOf<Item>(
  { segments }: PlannedTrack,
  options: RecordsOptions,
  watch: RecordWatch<Item>,
  beside?: RecordWatch<Item>,
): AsyncGenerator<readonly Item[]> {
  for (const segment of segments) {
    const { dump, codec, sdp } = segment;
    if (dump === undefined || codec === undefined) continue;
    await options.fetch?.([dump], options.signal);
    const packets = new DumpPackets(codec, sdp);
    yield* recordsOfDump(segment, packets, options, watch);
    const { layers, runs } = packets.stream;
    const others = layers.filter((layer) => runs.every(({ ssrc }) => ssrc !== layer));
    if (beside === undefined || others.length === 0 || CODECS[codec].kind === 'audio') continue;
    yield* recordsOfDump(segment, new DumpPackets(codec, sdp, others), options, beside);
  }
}

async function* recordsOfDump<Item>(
  segment: PlannedSegment,
  packets: DumpPackets,
  { zeroUnixMs, ...reading }: RecordsOptions,
  watch: RecordWatch<Item>,
): AsyncGenerator<readonly Item[]> {
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
  try {
    for await (const chunk of segment.dump === undefined ? [] : readableBytesOf(segment.dump, reading)) {
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
