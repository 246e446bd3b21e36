/** Units of the time axis that all pictures of a page share, whatever the call's length. */
export const AXIS_WIDTH = 1600;

/** Turns ms from the recording's zero into units of the axis. */
export function axisOf(durationMs: number): (ms: number) => number {
  const perMs = AXIS_WIDTH / Math.max(1000, durationMs);
  return (ms) => Math.round(ms * perMs * 10) / 10;
}

/** Steps between labels, s: about eight of them are on the axis. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

/** Moments that get a label, ms. */
export function ticksOf(durationMs: number): number[] {
  const wanted = durationMs / 1000 / 8;
  const step = STEPS.find((each) => each >= wanted) ?? 86_400;
  return Array.from({ length: Math.floor(durationMs / 1000 / step) + 1 }, (_, index) => index * step * 1000);
}
