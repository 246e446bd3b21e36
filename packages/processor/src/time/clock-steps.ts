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

/** A clock that is set more often than this is none: what its reports say of steps is noise, and one stream's is not heard. */
const MOST_STEPS = 64;

/** The same of all streams of a participant together, each of which may see every step. */
const MOST_STEPS_SEEN = 2048;

/** The steps in one stream's offsets, given in the order of time; none where there are more than a clock can have. */
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
    if (steps.length === MOST_STEPS) return [];
    steps.push({ fromMs: before.atMs, toMs: after.atMs, byMs });
    since = index;
  }
  return steps;
}

const levelOf = (points: readonly LinePoint[]): number => median(points.map(({ valueMs }) => valueMs));

/** One step for all streams of a participant that saw it, in the order of time. */
export function commonSteps(stepsOfStreams: readonly (readonly ClockStep[])[]): ClockStep[] {
  const groups: ClockStep[][] = [];
  const seen = stepsOfStreams.flat();
  if (seen.length > MOST_STEPS_SEEN) return [];
  for (const step of seen.sort((a, b) => a.fromMs - b.fromMs)) {
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

/** The offsets as they would be had the clock never been set; points in the order of time. */
export function withoutSteps(
  points: readonly LinePoint[],
  steps: readonly ClockStep[],
): readonly LinePoint[] {
  if (steps.length === 0) return points;
  const middles = steps
    .map(({ fromMs, toMs, byMs }) => ({ atMs: (fromMs + toMs) / 2, byMs }))
    .sort((a, b) => a.atMs - b.atMs);
  let passed = 0;
  let byMs = 0;
  return points.map(({ atMs, valueMs }) => {
    for (; (middles[passed]?.atMs ?? Number.POSITIVE_INFINITY) < atMs; passed++)
      byMs += middles[passed]?.byMs ?? 0;
    return { atMs, valueMs: valueMs - byMs };
  });
}
