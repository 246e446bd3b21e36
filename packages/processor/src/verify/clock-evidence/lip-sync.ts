import type { Misplaced } from './misplaced.ts';
import type { Report, Testimony } from './time-witness.ts';

/** Reports of two tracks further apart than this are not compared: the participant's clock may have been set. */
const SIDE_BY_SIDE_MS = 6000;

/** So many comparisons in a row, of as many reports of both, must say the same. */
const FEWEST = 5;

/**
 * Where the other track of a session lies elsewhere than the first one by more than `boundMs`: both are told by one clock, the
 * participant's, so that what their reports say less the file's time is equal, whatever that clock does.
 */
export function apart(first: Testimony, other: Testimony, boundMs: number): Misplaced[] {
  const pairs = pairsOf(first.reports, other.reports);
  const found: Misplaced[] = [];
  let open: typeof pairs = [];
  const close = () => {
    const [from, to] = [open[0], open.at(-1)];
    if (from !== undefined && to !== undefined && open.length >= FEWEST)
      found.push({ fromMs: from.atMs, toMs: to.atMs, byMs: leastOf(open.map(({ byMs }) => byMs)) });
    open = [];
  };
  for (const pair of pairs) {
    const isFar = Math.abs(pair.byMs) > boundMs;
    if (!isFar || Math.sign(open[0]?.byMs ?? pair.byMs) !== Math.sign(pair.byMs)) close();
    if (isFar) open.push(pair);
  }
  close();
  return found;
}

const leastOf = (values: readonly number[]): number =>
  values.reduce((least, ms) => (Math.abs(ms) < Math.abs(least) ? ms : least));

/** Each report of the one that has fewer beside the nearest of the other; above 0 where the other lies later. */
function pairsOf(first: readonly Report[], other: readonly Report[]): { atMs: number; byMs: number }[] {
  const isFewer = first.length <= other.length;
  const [few, many] = isFewer ? [first, other] : [other, first];
  let near = 0;
  return few.flatMap(({ atMs, offMs }) => {
    const awayMs = (index: number) => Math.abs((many[index]?.atMs ?? Number.POSITIVE_INFINITY) - atMs);
    while (awayMs(near + 1) <= awayMs(near)) near++;
    const beside = many[near];
    if (beside === undefined || awayMs(near) > SIDE_BY_SIDE_MS) return [];
    return [{ atMs, byMs: isFewer ? offMs - beside.offMs : beside.offMs - offMs }];
  });
}
