import { unixMsOf } from '../../time/placed-run.ts';
import type { TrackRun } from '../../time/track-runs.ts';
import type { RunDelays } from '../collect/least-delays.ts';

/** What was seen of a segment's runs. */
export interface SegmentDelays {
  /** Its number among those of the track. */
  readonly segment: number;
  readonly delays: readonly RunDelays[];
}

/**
 * Of each second, in how much the least delayed packet came later than the least delayed of the whole track: received, less its
 * place on the server's clock, which the clock solve has freed of the rate and the steps of the media clock. By second from the
 * recording's zero.
 */
export function delaysAboveLeast(
  seen: readonly SegmentDelays[],
  placed: readonly TrackRun[],
  clockRate: number,
  zeroUnixMs: number,
): ReadonlyMap<number, number> {
  const delays = new Map<number, number>();
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
        const second = Math.floor(atMs / 1000);
        delays.set(second, Math.min(delayMs, delays.get(second) ?? Number.POSITIVE_INFINITY));
        least = Math.min(least, delayMs);
      }
    }
  }
  for (const [second, delayMs] of delays) delays.set(second, delayMs - least);
  return delays;
}
