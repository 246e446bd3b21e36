import { type LinePoint, median } from './robust-line.ts';

/** A participant's clock was set: somewhere between two moments it went on by `byMs` more than time. */
export interface ClockStep {
  readonly fromMs: number;
  readonly toMs: number;
  readonly byMs: number;
}

/** Report-derived times jump by a few ms in real calls; a clock that is set moves by more. */
const SMALLEST_STEP_MS = 25;

/** What a clock may gain on another between two reports, by drift and by slewing. */
const MOST_SLEW = 1e-3;

/** Reports on each side that must agree: one that is off by itself is no step. */
const WITNESSES = 3;

/** Two streams that see the same step see it alike. */
const SAME_STEP_MS = 50;

/** The steps in one stream's offsets, given in the order of time. */
export function stepsOf(points: readonly LinePoint[]): ClockStep[] {
  const steps: ClockStep[] = [];
  let since = 0;
  for (let index = 1; index < points.length; index++) {
    const [before, after] = [points[index - 1], points[index]];
    if (before === undefined || after === undefined) continue;
    const tolerance = SMALLEST_STEP_MS + MOST_SLEW * (after.atMs - before.atMs);
    if (Math.abs(after.valueMs - before.valueMs) <= tolerance) continue;
    const earlier = levelOf(points.slice(Math.max(since, index - WITNESSES), index));
    const byMs = levelOf(points.slice(index, index + WITNESSES)) - earlier;
    if (Math.abs(byMs) <= tolerance) continue;
    steps.push({ fromMs: before.atMs, toMs: after.atMs, byMs });
    since = index;
  }
  return steps;
}

const levelOf = (points: readonly LinePoint[]): number => median(points.map(({ valueMs }) => valueMs));

/** One step for all streams of a participant that saw it, in the order of time. */
export function commonSteps(stepsOfStreams: readonly (readonly ClockStep[])[]): ClockStep[] {
  const groups: ClockStep[][] = [];
  for (const step of stepsOfStreams.flat().sort((a, b) => a.fromMs - b.fromMs)) {
    const same = groups.find((group) =>
      group.every(
        (other) =>
          other.fromMs < step.toMs &&
          step.fromMs < other.toMs &&
          Math.abs(other.byMs - step.byMs) <= SAME_STEP_MS,
      ),
    );
    if (same === undefined) groups.push([step]);
    else same.push(step);
  }
  return groups.map((group) => ({
    fromMs: Math.max(...group.map(({ fromMs }) => fromMs)),
    toMs: Math.min(...group.map(({ toMs }) => toMs)),
    byMs: median(group.map(({ byMs }) => byMs)),
  }));
}

/** The offsets as they would be had the clock never been set. */
export function withoutSteps(
  points: readonly LinePoint[],
  steps: readonly ClockStep[],
): readonly LinePoint[] {
  if (steps.length === 0) return points;
  return points.map(({ atMs, valueMs }) => {
    const before = steps.filter(({ fromMs, toMs }) => (fromMs + toMs) / 2 < atMs);
    return { atMs, valueMs: before.reduce((value, { byMs }) => value - byMs, valueMs) };
  });
}
