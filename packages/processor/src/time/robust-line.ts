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

/** Pairs grow with the square of the points: more than this are joined to medians of neighbours first. */
const MOST_POINTS = 100;

export const lineAt = (line: Omit<Line, 'spreadMs'>, atMs: number): number =>
  line.valueMs + line.slope * (atMs - line.atMs);

/**
 * The Theil–Sen line: median of all pairs' slopes, median of what then remains. Up to a quarter of the points may be
 * anywhere.
 *
 * @param points In the order of time; at least one.
 */
export function robustLine(points: readonly LinePoint[]): Line {
  const first = points[0];
  if (first === undefined) throw new RangeError('a line needs a point');
  const slope = medianSlope(thinned(points)) ?? 0;
  const { atMs } = first;
  const levels = points.map((point) => point.valueMs - slope * (point.atMs - atMs));
  const valueMs = median(levels);
  return { atMs, valueMs, slope, spreadMs: median(levels.map((level) => Math.abs(level - valueMs))) };
}

/** Of nothing it is not a number. */
export function median(values: ArrayLike<number>): number {
  return medianOf(new Float64Array(values));
}

/** The same, of values that it may put in another order: no more of it than the median asks for (Hoare's selection). */
function medianOf(values: Float64Array): number {
  const middle = values.length >> 1;
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const pivot = values[(from + to) >> 1] as number;
    let [low, high] = [from, to];
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

function medianSlope(points: readonly LinePoint[]): number | undefined {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2);
  let count = 0;
  for (let to = 1; to < points.length; to++) {
    const end = points[to];
    for (let from = 0; from < to; from++) {
      const start = points[from];
      if (start === undefined || end === undefined || end.atMs <= start.atMs) continue;
      slopes[count++] = (end.valueMs - start.valueMs) / (end.atMs - start.atMs);
    }
  }
  return count === 0 ? undefined : medianOf(slopes.subarray(0, count));
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
