import type { DumpPackets } from '../../scan/dump-packets.ts';
import type { PlacedTrack } from '../../time/placed-track.ts';
import { dumpStartMs } from '../../time/server-clock.ts';
import type { SightedReport } from './time-witness.ts';

interface Dump {
  readonly segment: number;
  readonly packets: DumpPackets;
  /** Under which the depacketizer knows each run: one that goes on from another has that one's. */
  readonly runs: ReadonlyMap<number, number>;
  heard: number;
  startMs: number | undefined;
}

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
    for (const run of this.#placed.runs) {
      if (run.segment !== segment) continue;
      if (run.source !== 'continuous') known = undefined;
      known ??= run.run;
      runs.set(run.run, known);
    }
    this.#current = { segment, packets, runs, heard: 0, startMs: undefined };
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
    const all = dump.packets.stream.senderReports;
    // So many that the stream has thrown every second one away.
    if (all.length < dump.heard) dump.heard = all.length;
    for (; dump.heard < all.length; dump.heard++) {
      const report = all[dump.heard];
      const run = report === undefined ? undefined : dump.runs.get(report.run);
      if (report === undefined || run === undefined) continue;
      const { segment } = dump;
      yield { ...report, segment, run, receivedMs: this.fileMs(segment, report.receivedMs) };
    }
  }

  #startOf({ segment, packets: { reader, firstOffsetMs } }: Dump): number {
    const metadataFirstMs = this.#placed.scans[segment]?.segment.timing.firstRtpUnixMs;
    return dumpStartMs({
      headerStartMs: reader.header?.startUnixMs ?? 0,
      firstOffsetMs: firstOffsetMs ?? 0,
      nearMs: this.#nearMs,
      ...(metadataFirstMs === undefined ? {} : { metadataFirstMs }),
    });
  }
}
