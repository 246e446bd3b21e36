/**
 * From the bytes of a dump to the place of each packet, as a run does it, without a file being written, and what verifying
 * says of such places. For test/clocks, which measures both against calls whose truth is known; nothing else may import it,
 * and it changes with what is behind it.
 *
 * @module
 */
export { DumpPackets } from './read/dump-packets.ts';
export { RunCollector } from './scan/run-collector.ts';
export { unixMsOf } from './time/placed-run.ts';
export { type ScannedTrack, type SolvedTrack, solveClocks } from './time/solve-clocks.ts';
export type { Misplaced } from './verify/clock-evidence/misplaced.ts';
export {
  againstBoth,
  againstTrack,
  type WitnessedTrack,
} from './verify/clock-evidence/time-mismatches.ts';
export { type SightedReport, TimeWitness } from './verify/clock-evidence/time-witness.ts';
