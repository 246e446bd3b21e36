import { type Level, levelsOf, MOST_LATE_MS, type Witness, WRONG_MS } from './behind-levels.ts';
import { MOST_ROUTE_MS, setsOf } from './clock-sets.ts';
import { JITTER_MS } from './delay-profile.ts';
import { PAIRS_EACH } from './media-rate.ts';
import { median } from './robust-line.ts';

/** From a participant's clock to the server's. */
export interface ParticipantClock {
  /** What the report's clock says, on the server's clock; undefined for one that is wrong. */
  readonly serverMs: readonly (number | undefined)[];
  /** By how much the route delays more than at its best, at a moment of the server's clock. */
  readonly routeMs: (receivedMs: number) => number;
  /** How far the server's clock is ahead of the participant's, with the least delay of the network. */
  readonly behindMs: number;
  /** What the server's clock gains on it, in ms per ms. */
  readonly slope: number;
  /** The largest step of which nothing says whether the participant's clock was set or what is behind it was. */
  readonly untoldMs: number;
}

/** Pairs so far apart tell the slope of one clock against the other; nearer it is jitter, further there are routes between. */
const APART_MS = { least: 10_000, most: 45_000 };

/** What is more than a clock can gain, and jitter, is a step between the two. */
const MOST_DRIFT = 300e-6;

/**
 * All reports of a participant on the server's clock. `behind`, by how much the least delayed packets come later than the
 * participant's clock says, stays where a stream stalls, steps where the participant's clock is set, and steps too where the route
 * changes or the server's clock is set; but when the participant's clock is set the reports themselves step against their media time.
 *
 * @param witnesses in the order of the server's clock; at least one
 */
export function participantClock(witnesses: readonly Witness[]): ParticipantClock {
  const startMs = witnesses[0]?.receivedMs ?? 0;
  const raw = witnesses.map(({ receivedMs, ntpMs }) => receivedMs - ntpMs);
  const slope = slopeOf(witnesses, raw);
  const level = raw.map((value, index) => value - slope * ((witnesses[index]?.receivedMs ?? 0) - startMs));
  const excesses = excessesOf(witnesses, level);
  const flat = level.map((value, index) => value - (excesses.get(witnesses[index]?.track ?? -1) ?? 0));
  const { sets, untoldMs } = setsOf(witnesses, flat, levelsOf(flat));
  const behind = flat.map((value, index) => value - (sets[index] ?? 0));
  const levels = levelsOf(behind);
  const base = baseOf(behind, levels);
  const levelAt = levels.flatMap(({ from, to, valueMs }) => Array.from({ length: to - from }, () => valueMs));
  const serverMs = witnesses.map(({ ntpMs, receivedMs }, index) => {
    const excessMs = excesses.get(witnesses[index]?.track ?? -1) ?? 0;
    const isWrong =
      excessMs > MOST_ROUTE_MS || Math.abs((behind[index] ?? 0) - (levelAt[index] ?? 0)) > WRONG_MS;
    return isWrong ? undefined : ntpMs + (sets[index] ?? 0) + base + slope * (receivedMs - startMs);
  });
  const begins = levels.map(({ from }) => witnesses[from]?.receivedMs ?? 0);
  const routeMs = (receivedMs: number): number => {
    const at = begins.findLastIndex((ms) => ms <= receivedMs);
    return Math.max(0, (levels[Math.max(0, at)]?.valueMs ?? base) - base);
  };
  return { serverMs, routeMs, behindMs: base, slope, untoldMs };
}

function slopeOf(witnesses: readonly Witness[], values: readonly number[]): number {
  const slopes: number[] = [];
  let nearest = 0;
  for (const [from, { receivedMs }] of witnesses.entries()) {
    const apartFrom = (to: number): number =>
      (witnesses[to]?.receivedMs ?? Number.POSITIVE_INFINITY) - receivedMs;
    while (apartFrom(nearest) < APART_MS.least) nearest++;
    for (let to = nearest; to < nearest + PAIRS_EACH && apartFrom(to) <= APART_MS.most; to++) {
      const apartMs = apartFrom(to);
      const gainMs = (values[to] ?? 0) - (values[from] ?? 0);
      if (Math.abs(gainMs) <= MOST_DRIFT * apartMs + JITTER_MS) slopes.push(gainMs / apartMs);
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}

/** By how much each stream's least delayed packets are later than those of the one that is delayed least, side by side. */
function excessesOf(witnesses: readonly Witness[], values: readonly number[]): Map<number, number> {
  const apart = new Map<number, number[]>();
  const of = (track: number): number[] => {
    const known = apart.get(track) ?? [];
    apart.set(track, known);
    return known;
  };
  const counts = new Map<number, number>();
  for (const { track } of witnesses) counts.set(track, (counts.get(track) ?? 0) + 1);
  const [[reference] = []] = [...counts].toSorted(([, a], [, b]) => b - a);
  let latest: number | undefined;
  for (const [index, { track }] of witnesses.entries()) {
    if (track === reference) latest = index;
    else if (latest !== undefined) of(track).push((values[index] ?? 0) - (values[latest] ?? 0));
  }
  const excesses = new Map([...apart].map(([track, ms]) => [track, median(ms)]));
  if (reference !== undefined) excesses.set(reference, 0);
  const least = Math.min(...excesses.values());
  return new Map([...excesses].map(([track, ms]) => [track, ms - least]));
}

/** The lowest level that more than one report tells of. */
function baseOf(behind: readonly number[], levels: readonly Level[]): number {
  const lasting = levels.filter(({ from, to }) => to - from >= 2);
  const [lowest] = (lasting.length > 0 ? lasting : levels).toSorted((a, b) => a.valueMs - b.valueMs);
  if (lowest === undefined) return 0;
  const near = behind
    .slice(lowest.from, lowest.to)
    .filter((ms) => Math.abs(ms - lowest.valueMs) <= MOST_LATE_MS);
  const least = median(near);
  const neighbours = lowestNeighbours(behind, lowest.valueMs);
  return neighbours < least - JITTER_MS ? neighbours : least;
}

/** The lowest that two reports in a row agree on: a better way that was open for a moment only. */
function lowestNeighbours(behind: readonly number[], aroundMs: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < behind.length; index++) {
    const [one, other] = [behind[index - 1] ?? 0, behind[index] ?? 0];
    if (Math.abs(one - other) > JITTER_MS || Math.abs(one - aroundMs) > WRONG_MS) continue;
    lowest = Math.min(lowest, Math.max(one, other));
  }
  return lowest;
}
