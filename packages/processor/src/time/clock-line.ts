import { type LinePoint, lineAt, median, robustLine } from './robust-line.ts';
import { WITNESSES } from './scales.ts';

/** A stretch of a line through a clock's offsets. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** At `fromMs` and `toMs`; two neighbours meet. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A line is cut in two where its points bend away from it: where their distance is so many times their scatter. */
const BENT = 2;

/** Through points in the order of time that may bend slowly, from the first to the last: straight stretches that meet. At least one point. */
export function bentLine(points: readonly LinePoint[]): Stretch[] {
  const stretches = straight(points, points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 0);
  return stretches.map((stretch, index) => {
    const [before, after] = [stretches[index - 1], stretches[index + 1]];
    return {
      ...stretch,
      startMs: before === undefined ? stretch.startMs : (stretch.startMs + before.endMs) / 2,
      endMs: after === undefined ? stretch.endMs : (stretch.endMs + after.startMs) / 2,
    };
  });
}

function straight(points: readonly LinePoint[], fromMs: number, toMs: number): Stretch[] {
  const line = robustLine(points);
  const middleMs = (fromMs + toMs) / 2;
  const middle = points.findIndex(({ atMs }) => atMs >= middleMs);
  const isTold = middle >= WITNESSES && points.length - middle >= WITNESSES;
  if (!isTold || line.spreadMs <= BENT * scatterOf(points))
    return [{ fromMs, toMs, startMs: lineAt(line, fromMs), endMs: lineAt(line, toMs) }];
  return [
    ...straight(points.slice(0, middle), fromMs, middleMs),
    ...straight(points.slice(middle), middleMs, toMs),
  ];
}

/** Where a line is at a moment; beyond its ends it stays where it is, as a few points within seconds are no slope for an hour. */
export function along(line: readonly Stretch[], atMs: number): number {
  const stretch = line.find(({ toMs }) => atMs <= toMs) ?? line.at(-1);
  if (stretch === undefined) return 0;
  const { fromMs, toMs, startMs, endMs } = stretch;
  const within = Math.min(Math.max(atMs, fromMs), toMs) - fromMs;
  return startMs + ((endMs - startMs) * within) / Math.max(1, toMs - fromMs);
}

/** Median distance of a point from the middle of its neighbours: what does not come of a bend. */
function scatterOf(points: readonly LinePoint[]): number {
  if (points.length < 3) return 0;
  const away = points.slice(1, -1).map(({ valueMs }, index) => {
    const [before, after] = [points[index], points[index + 2]];
    return Math.abs(valueMs - ((before?.valueMs ?? 0) + (after?.valueMs ?? 0)) / 2);
  });
  return median(away) / 1.2;
}
