import {
  DumpPackets,
  RunCollector,
  type ScannedTrack,
  type SightedReport,
  type SolvedTrack,
  solveClocks,
  unixMsOf,
} from '@rawreel/processor/clocks';
import type { Call, Segment, Track } from '../simulate/call.ts';
import { dumpBytes, indexIn, SDP } from './dump-bytes.ts';

/** What the processor makes of a track. */
export interface PlacedTrack {
  readonly uncertaintyMs: number;
  /** Unix ms of each packet of each segment, in the simulator's order; NaN where it was given no place. */
  readonly unixMs: readonly Float64Array[];
}

export const CODECS = { audio: 'opus', video: 'vp8' } as const;
export const CLOCK_RATES = { audio: 48_000, video: 90_000 } as const;

/** What the scan of a call's dumps gives, in its people's order. */
export interface ScannedCall {
  readonly tracksOfPeople: readonly (readonly ScannedDumps[])[];
}

/** Reads a call's dumps as a run of the processor does. */
export const scanCall = ({ people, serverMs }: Call): ScannedCall => ({
  tracksOfPeople: people.map(({ tracks }, person) =>
    tracks.map((track) => scanTrack(track, `person-${person}`, serverMs)),
  ),
});

/** Places what was scanned as a run of the processor does. */
export function placeCall({ tracksOfPeople }: ScannedCall): PlacedTrack[][] {
  const solved = solveClocks(tracksOfPeople.flat().map(({ input }) => input)).values();
  return tracksOfPeople.map((tracks) =>
    tracks.map((track) => placedTrack(track, solved.next().value as SolvedTrack)),
  );
}

/** Which run each packet of a segment came out in, and at which ticks: -1 where it did not come out. */
export interface Given {
  readonly runs: Int32Array;
  readonly ticks: Float64Array;
  /** Indexes of packets in the order in which they came out. */
  readonly order: readonly number[];
  /** Of each packet, server's clock, unix ms. */
  readonly receivedMs: Float64Array;
  /** In the order of their runs; received by the server's clock, unix ms. */
  readonly reports: readonly SightedReport[];
}

export interface ScannedDumps {
  readonly input: ScannedTrack;
  readonly given: readonly Given[];
}

function scanTrack({ kind, segments }: Track, session: string, serverMs: Call['serverMs']): ScannedDumps {
  const given: Given[] = [];
  const runsOfSegments = segments.map((segment, index) => {
    const runs = new Int32Array(segment.packets.length).fill(-1);
    const ticks = new Float64Array(segment.packets.length);
    const order: number[] = [];
    const receivedMs = new Float64Array(segment.packets.length);
    const reports: SightedReport[] = [];
    given.push({ runs, ticks, order, receivedMs, reports });
    const dump = dumpBytes(segment, kind, serverMs);
    if (dump === undefined) return [];
    const packets = new DumpPackets(CODECS[kind], SDP[kind]);
    const collector = new RunCollector(index, CLOCK_RATES[kind], kind === 'audio');
    const take: typeof collector.take = (packet) => {
      collector.take(packet);
      const at = indexIn(packet.payload);
      runs[at] = packet.run;
      ticks[at] = packet.rtpTicks;
      order.push(at);
      receivedMs[at] = packet.receivedMs + (packets.reader.header?.startUnixMs ?? 0);
    };
    packets.feed(dump, take);
    packets.end(take);
    const startMs = packets.reader.header?.startUnixMs ?? 0;
    for (const report of packets.stream.senderReports)
      reports.push({ ...report, segment: index, receivedMs: startMs + report.receivedMs });
    const planned = { base: `${session}-${index}`, timing: timingOf(segment, serverMs) };
    return collector.finish(packets.stream, planned, collector.dumpStartMs(packets, planned, undefined));
  });
  return { input: { session, clockRate: CLOCK_RATES[kind], runsOfSegments }, given };
}

/** What the metadata says of a segment: first and last in the order of arrival. */
export function timingOf({ packets }: Segment, serverMs: Call['serverMs']) {
  const [first, last] = [packets[0], packets.at(-1)];
  if (first === undefined || last === undefined) return {};
  return {
    firstRtpUnixMs: Math.floor(serverMs(first.arrivedMs)),
    lastRtpUnixMs: Math.floor(serverMs(last.arrivedMs)),
  };
}

function placedTrack({ given }: ScannedDumps, { runs: placed, clock }: SolvedTrack): PlacedTrack {
  const unixMs = given.map(({ runs, ticks }, segment) => {
    const own = new Map(placed.filter((run) => run.segment === segment).map((run) => [run.run, run]));
    return ticks.map((at, index) => {
      const run = own.get(runs[index] as number);
      if (run === undefined) return Number.NaN;
      const placedMs = unixMsOf(run, at);
      return placedMs < run.untilMs ? placedMs : Number.NaN;
    });
  });
  return { uncertaintyMs: clock.uncertaintyMs, unixMs };
}
