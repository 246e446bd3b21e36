import type { SegmentScan } from '../../read/segment-scan.ts';
import { unixMsOf } from '../../time/placed-run.ts';
import type { TrackRun } from '../../time/track-runs.ts';

/**
 * Of each second, in how much the least delayed packet came later than the least delayed of the whole track: received, less its
 * place on the server's clock, which the clock solve has freed of the rate and the steps of the media clock. By second from the
 * recording's zero.
 */
export function delaysAboveLeast(
  scans: readonly SegmentScan[],
  placed: readonly TrackRun[],
  clockRate: number,
  zeroUnixMs: number,
): ReadonlyMap<number, number> {
  const delays = new Map<number, number>();
  let least = Number.POSITIVE_INFINITY;
  for (const scanned of scans.flatMap(({ runs }) => runs)) {
    const run = placed.find(
      ({ segment, run: number, layer }) =>
        segment === scanned.segment && number === scanned.run && layer === scanned.layer,
    );
    if (run === undefined) continue;
    for (const { samples } of scanned.pieces) {
      for (let index = 0; index + 1 < samples.length; index += 2) {
        const mediaMs = samples[index] ?? 0;
        const receivedMs = samples[index + 1] ?? 0;
        const delayMs = receivedMs - unixMsOf(run, (mediaMs * clockRate) / 1000);
        const second = Math.floor((receivedMs - zeroUnixMs) / 1000);
        delays.set(second, Math.min(delayMs, delays.get(second) ?? Number.POSITIVE_INFINITY));
        least = Math.min(least, delayMs);
      }
    }
  }
  for (const [second, delayMs] of delays) delays.set(second, delayMs - least);
  return delays;
}
