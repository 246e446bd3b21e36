/** Values seen at moments, in the order of time: as many of the one as of the other. */
export interface Points {
  readonly atMs: Float64Array;
  readonly valueMs: Float64Array;
}

/** `valueMs` at `atMs`, changing by `slope` per ms. */
export interface Line {
  readonly atMs: number;
  readonly valueMs: number;
  readonly slope: number;
  /** Median distance of the points from it. */
  readonly spreadMs: number;
}

/** Pairs grow with the square of the points: more than this are joined to medians of neighbours first. */
const MOST_POINTS = 100;

/** Of the pairs of one line, again and again. */
const SLOPES = new Float64Array((MOST_POINTS * (MOST_POINTS - 1)) / 2);

export const lineAt = (line: Omit<Line, 'spreadMs'>, atMs: number): number =>
  line.valueMs + line.slope * (atMs - line.atMs);

/** Those from one to before another, in the same memory. */
export const pointsFrom = ({ atMs, valueMs }: Points, from: number, to: number): Points => ({
  atMs: atMs.subarray(from, to),
  valueMs: valueMs.subarray(from, to),
});

/**
 * The Theil–Sen line: median of all pairs' slopes, median of what then remains. Up to a quarter of the points may be
 * anywhere.
 *
 * @param points At least one.
 */
export function robustLine(points: Points): Line {
  const atMs = points.atMs[0];
  if (atMs === undefined) throw new RangeError('a line needs a point');
  const slope = medianSlope(thinned(points));
  const levels = points.valueMs.slice();
  for (let at = 0; at < levels.length; at++)
    (levels[at] as number) -= slope * ((points.atMs[at] as number) - atMs);
  const valueMs = medianOf(levels);
  return { atMs, valueMs, slope, spreadMs: spreadAround(levels, valueMs) };
}

/** Of those from one to before another; of nothing it is not a number. */
export function median(values: ArrayLike<number>, from = 0, to = values.length): number {
  // Most that a piece or a thinned line has are one or two.
  if (to - from <= 2)
    return from === to ? Number.NaN : ((values[from] as number) + (values[to - 1] as number)) / 2;
  const copy = new Float64Array(to - from);
  for (let at = from; at < to; at++) copy[at - from] = values[at] as number;
  return medianOf(copy);
}

/** The same, of values that it may put in another order: no more of it than the median asks for (Hoare's selection). */
export function medianOf(values: Float64Array): number {
  const middle = values.length >> 1;
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1] as number;
    let low = from;
    let high = to;
    while (low <= high) {
      while ((values[low] as number) < pivot) low++;
      while ((values[high] as number) > pivot) high--;
      if (low > high) break;
      const value = values[low] as number;
      values[low++] = values[high] as number;
      values[high--] = value;
    }
    if (middle <= high) to = high;
    else if (middle >= low) from = low;
    else break;
  }
  const upper = values[middle] ?? Number.NaN;
  if (values.length % 2 === 1) return upper;
  let lower = values[0] ?? Number.NaN;
  for (let at = 1; at < middle; at++) lower = Math.max(lower, values[at] as number);
  return (lower + upper) / 2;
}

/** Median distance from a middle, of values that it may change. */
export function spreadAround(values: Float64Array, middle: number): number {
  for (let at = 0; at < values.length; at++) values[at] = Math.abs((values[at] as number) - middle);
  return medianOf(values);
}

/** Of one point 0. */
function medianSlope({ atMs, valueMs }: Points): number {
  let count = 0;
  for (let to = 1; to < atMs.length; to++) {
    const endMs = atMs[to] as number;
    const endValueMs = valueMs[to] as number;
    for (let from = 0; from < to; from++) {
      const apartMs = endMs - (atMs[from] as number);
      if (apartMs > 0) SLOPES[count++] = (endValueMs - (valueMs[from] as number)) / apartMs;
    }
  }
  return count === 0 ? 0 : medianOf(SLOPES.subarray(0, count));
}

function thinned(points: Points): Points {
  const { length } = points.atMs;
  if (length <= MOST_POINTS) return points;
  const size = Math.ceil(length / MOST_POINTS);
  const thinned = {
    atMs: new Float64Array(Math.ceil(length / size)),
    valueMs: new Float64Array(Math.ceil(length / size)),
  };
  for (let at = 0; at < thinned.atMs.length; at++) {
    const [from, to] = [at * size, Math.min(length, (at + 1) * size)];
    thinned.atMs[at] = median(points.atMs, from, to);
    thinned.valueMs[at] = median(points.valueMs, from, to);
  }
  return thinned;
}
