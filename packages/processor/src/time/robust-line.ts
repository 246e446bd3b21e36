/** A value seen at a moment. */
export interface LinePoint {
  readonly atMs: number;
  readonly valueMs: number;
}

/** `valueMs` at `atMs`, changing by `slope` per ms. */
export interface Line {
  readonly atMs: number;
  readonly valueMs: number;
  readonly slope: number;
  /** Median distance of the points from it. */
  readonly spreadMs: number;
}

/** Below this a slope says more of the times' grain than of a clock. */
const SHORTEST_SLOPE_MS = 20_000;
const FEWEST_FOR_SLOPE = 4;

/** Pairs grow with the square of the points: more than this are joined to medians of neighbours first. */
const MOST_POINTS = 300;

export const lineAt = (line: Omit<Line, 'spreadMs'>, atMs: number): number =>
  line.valueMs + line.slope * (atMs - line.atMs);

/**
 * The Theil–Sen line: median of all pairs' slopes, median of what then remains. Up to a quarter of the points may be
 * anywhere. What is too short to have a slope gets `usualSlope`.
 *
 * @param points In the order of time; at least one.
 */
export function robustLine(points: readonly LinePoint[], usualSlope = 0): Line {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a line needs a point');
  const hasSlope = points.length >= FEWEST_FOR_SLOPE && last.atMs - first.atMs >= SHORTEST_SLOPE_MS;
  const slope = hasSlope ? medianSlope(thinned(points)) : usualSlope;
  const { atMs } = first;
  const levels = points.map((point) => point.valueMs - slope * (point.atMs - atMs));
  const valueMs = median(levels);
  return { atMs, valueMs, slope, spreadMs: median(levels.map((level) => Math.abs(level - valueMs))) };
}

/** Of nothing it is not a number. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function medianSlope(points: readonly LinePoint[]): number {
  const slopes: number[] = [];
  for (let to = 1; to < points.length; to++) {
    const end = points[to];
    for (let from = 0; from < to; from++) {
      const start = points[from];
      if (start === undefined || end === undefined || end.atMs <= start.atMs) continue;
      slopes.push((end.valueMs - start.valueMs) / (end.atMs - start.atMs));
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

function thinned(points: readonly LinePoint[]): readonly LinePoint[] {
  if (points.length <= MOST_POINTS) return points;
  const size = Math.ceil(points.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const group = points.slice(index * size, (index + 1) * size);
    return {
      atMs: median(group.map(({ atMs }) => atMs)),
      valueMs: median(group.map(({ valueMs }) => valueMs)),
    };
  });
}
