import { join } from 'node:path';
import type { EntryLocation } from '@rawreel/archive';
import { CODECS, type MediaPacket } from '@rawreel/rtp';
import type { PlannedSegment } from '../plan/plan.ts';
import { DumpPackets, type TakePacket } from '../read/dump-packets.ts';
import { openDump, type ReadingOptions, readableBytesOf } from '../read/open-dump.ts';
import type { SegmentScan } from '../read/segment-scan.ts';
import { hasRoomFor, isWorthSpooling, SpoolWriter } from '../read/spool.ts';
import type { Finding, TrackProblem } from '../track-problem.ts';
import { findingsOf, readingFailed } from './findings.ts';
import { layersStatistics } from './layers-statistics.ts';
import { lostTail } from './lost-tail.ts';
import { otherCodecsIn } from './other-codecs.ts';
import { RunCollector } from './run-collector.ts';
import { whyNoPacket } from './why-no-packet.ts';

/** Looks at the packets of a scan as they go by. */
export interface ScanTap {
  /** A dump is begun: its records can be watched, too. */
  opened?(packets: DumpPackets, segment: PlannedSegment): void;
  packet(packet: MediaPacket): void;
  /** The packets of one chunk of the dump have gone by; a promise holds up the scan. */
  chunk(): void | Promise<void>;
  /** The layers of a dump (simulcast) are read apart, behind all of its packets. */
  layered?(packets: DumpPackets): void;
  layerPacket?(packet: MediaPacket, layer: number): void;
  /** All of a dump was read. */
  closed?(packets: DumpPackets): void;
}

export interface ScanOptions extends ReadingOptions {
  /** Where copies of inflated dumps go, and how their names begin; without it none are made. */
  readonly spool?:
    | {
        readonly folder: string;
        readonly prefix: string;
        /** Copies also what can be read again for nothing: a copy is no file that stays open. */
        readonly always: boolean;
      }
    | undefined;
  /** Sees every packet while it goes by. */
  readonly tap?: ScanTap | undefined;
  /** A time known to be near, unix ms. */
  readonly nearMs?: number | undefined;
}

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
    return {
      segment,
      runs: [],
      statistics: undefined,
      stereo: false,
      layers: [],
      otherCodecs: [],
      problems: [],
    };
  }
  const packets = new DumpPackets(codec, segment.sdp);
  const runs = new RunCollector(index, CODECS[codec].clockRate, codec === 'opus');
  const findings: Finding[] = [];
  const spool = spoolPath(dump, index, options, findings);
  using writer = spool === undefined ? undefined : new SpoolWriter(spool);
  const { tap } = options;
  tap?.opened?.(packets, segment);
  const take = tap === undefined ? runs.take : both(runs.take, tap);
  try {
    for await (const chunk of openDump(dump, options)) {
      writer?.write(chunk);
      packets.feed(chunk, take);
      const pending = tap?.chunk();
      if (pending !== undefined) await pending;
      options.onBytes(chunk.length);
    }
  } catch (error) {
    findings.push(readingFailed(error, dump.name));
  }
  const isCopied = writer?.isWhole === true;
  if (options.spool !== undefined && writer !== undefined && !isCopied)
    findings.push(noRoom(options.spool.folder, dump));
  if (findings.every(({ code }) => code !== 'DUMP_NOT_RTPDUMP')) endDump(packets, take, dump.name, findings);
  findings.push(
    ...findingsOf(
      packets,
      dump,
      findings.some(({ severity }) => severity === 'damage'),
    ),
  );
  const { packets: given, invalid } = runs.validity;
  if (invalid > 0 && invalid < given) {
    const message = `${dump.name}: ${invalid} of ${given} packets are not valid Opus and were skipped`;
    findings.push({ code: 'DUMP_INVALID_PACKETS', severity: 'damage', message });
  }
  const problems = findings.map(
    (finding): TrackProblem => ({ ...finding, segment: segment.base, entry: dump.name }),
  );
  const baseMs = runs.dumpStartMs(packets, segment, options.nearMs);
  const whole: DumpRuns = {
    layers: [],
    runs: runs.finish(packets.stream, segment, baseMs),
    statistics: packets.stream.statistics,
  };
  const scanned = (await layersOf(packets, segment, index, baseMs, options)) ?? whole;
  tap?.closed?.(packets);
  return {
    segment,
    ...scanned,
    stereo: runs.stereo,
    unusable: unusableBecause(packets, runs),
    lostTail: lostTail(packets, segment, whole.runs),
    otherCodecs: otherCodecsIn(packets),
    problems,
    spool: isCopied ? spool : undefined,
  };
}

type DumpRuns = Pick<SegmentScan, 'layers' | 'runs' | 'statistics'>;

/**
 * Reads a dump once more where its camera sent several layers side by side: each is a stream with a clock of its own.
 * Undefined where there is one at a time.
 */
async function layersOf(
  { stream, codec }: DumpPackets,
  segment: PlannedSegment,
  index: number,
  baseMs: number,
  options: ScanOptions,
): Promise<DumpRuns | undefined> {
  const { layers } = stream;
  if (segment.dump === undefined || layers.length < 2 || CODECS[codec].kind === 'audio') return undefined;
  const packets = new DumpPackets(codec, segment.sdp, layers);
  const collectors = layers.map(() => new RunCollector(index, CODECS[codec].clockRate, false));
  const { tap } = options;
  tap?.layered?.(packets);
  const take: TakePacket = (packet, layer) => {
    collectors[layer]?.take(packet);
    tap?.layerPacket?.(packet, layer);
  };
  for await (const chunk of readableBytesOf(segment.dump, options)) packets.feed(chunk, take);
  packets.end(take);
  return {
    layers,
    runs: packets.streams.flatMap(
      (layer, number) => collectors[number]?.finish(layer, segment, baseMs, number) ?? [],
    ),
    statistics: layersStatistics(
      stream.statistics,
      packets.streams.map(({ statistics }) => statistics),
    ),
  };
}

function unusableBecause(packets: DumpPackets, { validity }: RunCollector): string | undefined {
  if (validity.invalid > 0 && validity.invalid === validity.packets)
    return `none of its ${validity.packets} packets is valid Opus: they are of another codec, or encrypted`;
  return packets.stream.runs.length === 0 ? whyNoPacket(packets) : undefined;
}

/** What is too short to be an rtpdump shows only at its end. */
function endDump(
  packets: DumpPackets,
  take: (packet: MediaPacket) => void,
  entry: string,
  findings: Finding[],
): void {
  try {
    packets.end(take);
  } catch (error) {
    findings.push(readingFailed(error, entry));
  }
}

const both = (take: (packet: MediaPacket) => void, tap: ScanTap) => (packet: MediaPacket) => {
  take(packet);
  tap.packet(packet);
};

/** Where a copy of the inflated dump goes; undefined where none is worth making, or none fits. */
function spoolPath(
  dump: EntryLocation,
  index: number,
  options: ScanOptions,
  findings: Finding[],
): string | undefined {
  const { spool } = options;
  if (spool === undefined || !(spool.always || isWorthSpooling(dump))) return undefined;
  if (hasRoomFor(dump.size, spool.folder)) return join(spool.folder, `${spool.prefix}-${index}`);
  findings.push(noRoom(spool.folder, dump));
  return undefined;
}

const noRoom = (folder: string, { name }: EntryLocation): Finding => ({
  code: 'SPOOL_NO_ROOM',
  severity: 'notice',
  message: `no room in ${folder} for a copy of ${name}: it is inflated twice`,
});
