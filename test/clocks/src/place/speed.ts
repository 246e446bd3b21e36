import { DumpPackets, RunCollector, solveClocks } from '@rawreel/processor/clocks';
import type { Call } from '../simulate/call.ts';
import { dumpBytes, SDP } from './dump-bytes.ts';
import { CLOCK_RATES, CODECS, timingOf } from './place-call.ts';

/** What reading and placing calls takes, without what the simulator does for it. */
export interface Speed {
  readonly packets: number;
  /** Processor time of a packet, µs, in the round that took least: others may be busy on the same machine. */
  readonly scanUs: number;
  readonly solveUs: number;
}

/** The first round is not counted. */
const ROUNDS = 6;

/** Makes all dumps first, then reads and places them over and over. */
export function speedOf(calls: Iterable<Call>): Speed {
  const dumps: Dumps[] = [];
  let packets = 0;
  for (const call of calls) {
    dumps.push(dumpsOf(call));
    packets += packetsOf(call);
  }
  const rounds = Array.from({ length: ROUNDS }, () => round(dumps)).slice(1);
  return {
    packets,
    scanUs: Math.min(...rounds.map(({ scanUs }) => scanUs)) / packets,
    solveUs: Math.min(...rounds.map(({ solveUs }) => solveUs)) / packets,
  };
}

type Dumps = ReturnType<typeof dumpsOf>;

const packetsOf = ({ people }: Call): number =>
  people
    .flatMap(({ tracks }) => tracks.flatMap(({ segments }) => segments))
    .reduce((sum, { packets }) => sum + packets.length, 0);

const dumpsOf = ({ people, serverMs }: Call) =>
  people.flatMap(({ tracks }, person) =>
    tracks.map(({ kind, segments }) => ({
      kind,
      session: `person-${person}`,
      segments: segments.map((segment) => ({
        bytes: dumpBytes(segment, kind, serverMs),
        timing: timingOf(segment, serverMs),
      })),
    })),
  );

function round(calls: readonly Dumps[]): { scanUs: number; solveUs: number } {
  const took = { scanUs: 0, solveUs: 0 };
  for (const tracks of calls) {
    const startedUs = process.cpuUsage().user;
    const scanned = tracks.map(scanTrack);
    const scannedUs = process.cpuUsage().user;
    solveClocks(scanned);
    took.scanUs += scannedUs - startedUs;
    took.solveUs += process.cpuUsage().user - scannedUs;
  }
  return took;
}

const scanTrack = ({ kind, session, segments }: Dumps[number]) => ({
  session,
  clockRate: CLOCK_RATES[kind],
  runsOfSegments: segments.map(({ bytes, timing }, index) => {
    if (bytes === undefined) return [];
    const packets = new DumpPackets(CODECS[kind], SDP[kind]);
    const collector = new RunCollector(index, CLOCK_RATES[kind], kind === 'audio');
    packets.feed(bytes, collector.take);
    packets.end(collector.take);
    const planned = { base: `${session}-${index}`, timing };
    return collector.finish(packets.stream, planned, collector.dumpStartMs(packets, planned, undefined));
  }),
});
