import type { ClockPlan, Step, TrackPlan } from './plan.ts';

/** What steps have added by then. */
export function stepsBy(steps: readonly Step[], atMs: number): number {
  let sum = 0;
  for (const step of steps) if (step.atMs <= atMs) sum += step.byMs;
  return sum;
}

/** A participant's clock, ms since the unix epoch; `startUnixMs` is the true time of the call's beginning. */
export const participantMs = (clock: ClockPlan, startUnixMs: number, atMs: number): number =>
  startUnixMs + atMs * (1 + clock.driftPpm / 1e6) + clock.offsetMs + stepsBy(clock.steps, atMs);

/** How fast ticks run at a moment, 1 being true. */
export const rateAt = ({ ppm, swingPpm, periodMs }: TrackPlan['rate'], atMs: number): number =>
  1 + (ppm + (swingPpm === 0 ? 0 : swingPpm * Math.sin((2 * Math.PI * atMs) / periodMs))) / 1e6;
