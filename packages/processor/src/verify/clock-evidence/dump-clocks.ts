import type { DumpPackets } from '../../read/dump-packets.ts';
import type { PlacedTrack } from '../../read/placed-track.ts';
import { dumpStartMs } from '../../time/server-clock.ts';
import type { SightedReport } from './time-witness.ts';

interface Dump {
  readonly segment: number;
  readonly packets: DumpPackets;
  /** Of each layer, under which its depacketizer knows each run: one that goes on from another has that one's. */
  readonly runs: ReadonlyMap<number, number>;
  /** Reports of each layer that were given out. */
  readonly heard: number[];
  startMs: number | undefined;
}

/** More runs than a stream may have (RunCutter). */
const RUNS_OF_LAYER = 100_000;

/** A number for each run of a dump, of whatever layer. */
export const runOf = (layer: number | undefined, run: number): number => (layer ?? 0) * RUNS_OF_LAYER + run;

/** What the dumps of a track say of time while they are read: their reports, and when they were begun. */
export class DumpClocks {
  readonly #placed: PlacedTrack;
  readonly #fileZeroMs: number;
  readonly #nearMs: number;
  readonly #dumps = new Map<number, Dump>();
  #current: Dump | undefined;

  constructor(placed: PlacedTrack, fileZeroMs: number, nearMs: number) {
    this.#placed = placed;
    this.#fileZeroMs = fileZeroMs;
    this.#nearMs = nearMs;
  }

  readonly opened = (segment: number, packets: DumpPackets): void => {
    const runs = new Map<number, number>();
    let known: number | undefined;
    let layer: number | undefined;
    for (const run of this.#placed.runs) {
      if (run.segment !== segment) continue;
      if (run.source !== 'continuous' || run.layer !== layer) known = undefined;
      layer = run.layer;
      known ??= run.run;
      runs.set(runOf(layer, run.run), runOf(layer, known));
    }
    const heard = packets.streams.map(() => 0);
    this.#current = { segment, packets, runs, heard, startMs: undefined };
    this.#dumps.set(segment, this.#current);
  };

  /** A receive time of a dump, ms since its start, on the file's clock. */
  fileMs(segment: number, receivedMs: number): number {
    const dump = this.#dumps.get(segment);
    if (dump === undefined) return Number.NaN;
    dump.startMs ??= this.#startOf(dump);
    return dump.startMs + receivedMs - this.#fileZeroMs;
  }

  /** Those that were read since the last time. */
  *reports(): Generator<SightedReport, void> {
    const dump = this.#current;
    if (dump === undefined) return;
    for (const [layer, { senderReports: all }] of dump.packets.streams.entries()) {
      // So many that the stream has thrown every second one away.
      const heard = Math.min(dump.heard[layer] ?? 0, all.length);
      dump.heard[layer] = all.length;
      for (const report of all.slice(heard)) {
        const run = dump.runs.get(runOf(layer, report.run));
        if (run === undefined) continue;
        const { segment } = dump;
        yield { ...report, segment, run, receivedMs: this.fileMs(segment, report.receivedMs) };
      }
    }
  }

  #startOf({ segment, packets: { reader, firstOffsetMs } }: Dump): number {
    return dumpStartMs({
      headerStartMs: reader.header?.startUnixMs ?? 0,
      firstOffsetMs: firstOffsetMs ?? 0,
      nearMs: this.#nearMs,
      metadataFirstMs: this.#placed.scans[segment]?.segment.timing.firstRtpUnixMs,
    });
  }
}
