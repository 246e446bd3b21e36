import { lineAt, medianOf, type Points, pointsFrom, robustLine } from './robust-line.ts';

/** A stretch of a line through a clock's offsets. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** At `fromMs` and `toMs`; two neighbours meet. */
  startMs: number;
  endMs: number;
}

/** A line is cut in two where its points bend away from it: where their distance is so many times their scatter. */
const BENT = 2;

/** Through points that may bend slowly, from the first to the last: straight stretches that meet. At least one point. */
export function bentLine(points: Points): readonly Stretch[] {
  const stretches: Stretch[] = [];
  addStraight(stretches, points, points.atMs[0] ?? 0, points.atMs.at(-1) ?? 0);
  for (let at = 1; at < stretches.length; at++) {
    const [before, after] = [stretches[at - 1] as Stretch, stretches[at] as Stretch];
    const meetMs = (before.endMs + after.startMs) / 2;
    before.endMs = meetMs;
    after.startMs = meetMs;
  }
  return stretches;
}

function addStraight(stretches: Stretch[], points: Points, fromMs: number, toMs: number): void {
  const { length } = points.atMs;
  const line = robustLine(points);
  const middleMs = (fromMs + toMs) / 2;
  let middle = 0;
  while (middle < length && (points.atMs[middle] as number) < middleMs) middle++;
  // Through two points there is always a line.
  const isTold = middle > 2 && length - middle > 2;
  if (!isTold || line.spreadMs <= BENT * scatterOf(points.valueMs)) {
    stretches.push({ fromMs, toMs, startMs: lineAt(line, fromMs), endMs: lineAt(line, toMs) });
    return;
  }
  addStraight(stretches, pointsFrom(points, 0, middle), fromMs, middleMs);
  addStraight(stretches, pointsFrom(points, middle, length), middleMs, toMs);
}

/** Where a line is at a moment; beyond its ends it stays where it is, as a few points within seconds are no slope for an hour. */
export function along(line: readonly Stretch[], atMs: number): number {
  let at = 0;
  while (at < line.length - 1 && atMs > (line[at] as Stretch).toMs) at++;
  const { fromMs, toMs, startMs, endMs } = line[at] as Stretch;
  const within = Math.min(Math.max(atMs, fromMs), toMs) - fromMs;
  return startMs + ((endMs - startMs) * within) / Math.max(1, toMs - fromMs);
}

/** Median distance of a point from the middle of its neighbours: what does not come of a bend. */
function scatterOf(values: Float64Array): number {
  if (values.length < 3) return 0;
  const away = new Float64Array(values.length - 2);
  for (let at = 0; at < away.length; at++) {
    const between = ((values[at] as number) + (values[at + 2] as number)) / 2;
    away[at] = Math.abs((values[at + 1] as number) - between);
  }
  return medianOf(away) / 1.2;
}
