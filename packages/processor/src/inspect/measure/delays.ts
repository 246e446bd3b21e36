import { unixMsOf } from '../../time/placed-run.ts';
import type { TrackRun } from '../../time/track-runs.ts';
import type { RunDelays } from '../collect/least-delays.ts';
import { countOf, rowOf, type SecondRows } from '../collect/seconds.ts';

/** What was seen of a segment's runs. */
export interface SegmentDelays {
  /** Its number among those of the track. */
  readonly segment: number;
  readonly delays: readonly RunDelays[];
}

/**
 * Of each second, in how much the least delayed packet came later than the least delayed of the whole track: received, less its
 * place on the server's clock, which the clock solve has freed of the rate and the steps of the media clock. NaN for a second
 * of which none tells.
 *
 * @param rows the seconds of the track, which those of the result are
 */
export function delaysAboveLeast(
  seen: readonly SegmentDelays[],
  placed: readonly TrackRun[],
  clockRate: number,
  zeroUnixMs: number,
  rows: SecondRows,
): Float64Array {
  const delays = new Float64Array(countOf(rows)).fill(Number.NaN);
  let least = Number.POSITIVE_INFINITY;
  for (const { segment, delays: runs } of seen) {
    for (const { run: number, layer, samples } of runs) {
      const run = placed.find(
        (each) => each.segment === segment && each.run === number && each.layer === layer,
      );
      if (run === undefined) continue;
      for (let index = 0; index + 1 < samples.length; index += 2) {
        const mediaMs = samples[index] ?? 0;
        const atMs = samples[index + 1] ?? 0;
        const delayMs = zeroUnixMs + atMs - unixMsOf(run, (mediaMs * clockRate) / 1000);
        const row = rowOf(rows, Math.floor(atMs / 1000));
        if (row < 0) continue;
        if (!((delays[row] as number) <= delayMs)) delays[row] = delayMs;
        least = Math.min(least, delayMs);
      }
    }
  }
  return delays.map((delayMs) => delayMs - least);
}
