import { median } from '../../time/robust-line.ts';
import { agreed, JITTER_MS, type Moment, momentsOf } from './moments.ts';
import type { Testimony } from './time-witness.ts';

/** A stretch of a file that is not where the dumps say. */
export interface Misplaced {
  readonly fromMs: number;
  readonly toMs: number;
  /** The most that both kinds of evidence agree on, ms: above 0 where it lies too late. */
  readonly byMs: number;
}

/** So many reports in a row, over so long, must say the same. */
const FEWEST_REPORTS = 2;
const SHORTEST_MS = 5000;

/** Fewer than these tell no usual place. */
const FEWEST_IN_ALL = 5;

/** Pairs of reports tell the participant's drift where no step is between them. */
const APART_MS = 10_000;
const MOST_PAIRS = 20_000;
const MOST_DRIFT = 300e-6;

/**
 * Where a track lies elsewhere than its dumps say by more than `boundMs`, compared with where most of it lies. With `y` what reports
 * say less the file's time, and `d` the least receive times less the file's time (TIME.md), what is placed wrongly moves both by the
 * same, and nothing else does. So, from report to report, `y` tells how the place changed where `d` moves with it; and of the sum
 * only what `d` itself shows as well is believed.
 */
export function misplaced(testimony: Testimony, boundMs: number): Misplaced[] {
  const moments = momentsOf(testimony);
  if (moments.length < FEWEST_IN_ALL) return [];
  const slope = driftOf(moments);
  const places = placesOf(moments, slope);
  const usual = usualOf(places);
  const delays = moments.map(({ beforeMs, afterMs }) => Math.min(beforeMs, afterMs));
  const usualDelay = median(delays.filter((_, index) => Math.abs((places[index] ?? 0) - usual) <= JITTER_MS));
  const offs = moments.map((_, index) =>
    agreed((places[index] ?? 0) - usual, (delays[index] ?? 0) - usualDelay),
  );
  return stretches(moments, offs, boundMs);
}

/** The value that most others are within jitter of. */
function usualOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  let usual = { value: sorted[0] ?? 0, count: 0 };
  let [from, to] = [0, 0];
  for (const value of sorted) {
    while ((sorted[from] ?? value) < value - JITTER_MS) from++;
    while (to < sorted.length && (sorted[to] ?? value) <= value + JITTER_MS) to++;
    if (to - from > usual.count) usual = { value, count: to - from };
  }
  return usual.value;
}

const behindOf = ({ offMs, beforeMs, afterMs }: Moment): number => Math.min(beforeMs, afterMs) - offMs;

/** What the server's clock gains on the participant's, ms per ms. */
function driftOf(moments: readonly Moment[]): number {
  const lengthMs = (moments.at(-1)?.atMs ?? 0) - (moments[0]?.atMs ?? 0);
  const leastMs = Math.max(APART_MS, lengthMs / 8);
  const stride = Math.max(1, Math.ceil((moments.length * 4) / MOST_PAIRS));
  const slopes: number[] = [];
  let first = 0;
  for (let from = 0; from < moments.length; from += stride) {
    const one = moments[from] as Moment;
    while (first < moments.length && (moments[first] as Moment).atMs - one.atMs < leastMs) first++;
    for (let to = first; to < Math.min(first + 4, moments.length); to++) {
      const other = moments[to] as Moment;
      const apartMs = other.atMs - one.atMs;
      const gainMs = behindOf(other) - behindOf(one);
      if (Math.abs(gainMs) <= MOST_DRIFT * apartMs + JITTER_MS) slopes.push(gainMs / apartMs);
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

/** How much later than at the first report the file should have each, as far as reports and arrivals agree. */
function placesOf(moments: readonly Moment[], slope: number): number[] {
  let place = 0;
  let last: Moment | undefined;
  return moments.map((moment) => {
    if (last !== undefined) {
      const reported = moment.offMs - last.offMs + slope * (moment.atMs - last.atMs);
      const seen = (reported < 0 ? moment.settledMs : moment.afterMs) - last.beforeMs;
      // Where reports move further than arrivals, it is the participant's clock; where arrivals do, there is a queue besides.
      const isShown = Math.abs(seen - reported) <= JITTER_MS || agreed(reported, seen) === reported;
      if (isShown) place += reported;
    }
    last = moment;
    return place;
  });
}

function stretches(moments: readonly Moment[], offs: readonly number[], boundMs: number): Misplaced[] {
  const found: Misplaced[] = [];
  let open: { from: number; sign: number; most: number } | undefined;
  const close = (end: number) => {
    const from = moments[open?.from ?? end]?.atMs ?? 0;
    const to = moments[end - 1]?.atMs ?? 0;
    if (open !== undefined && end - open.from >= FEWEST_REPORTS && to - from >= SHORTEST_MS)
      found.push({ fromMs: from, toMs: to, byMs: -open.most });
    open = undefined;
  };
  for (const [index, off] of offs.entries()) {
    const sign = Math.abs(off) > boundMs ? Math.sign(off) : 0;
    if (open !== undefined && open.sign !== sign) close(index);
    if (sign === 0) continue;
    open ??= { from: index, sign, most: 0 };
    if (Math.abs(off) > Math.abs(open.most)) open.most = off;
  }
  close(offs.length);
  return found;
}
