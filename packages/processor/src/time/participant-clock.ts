import { type Level, levelsOf, type Witness } from './behind-levels.ts';
import { setsOf } from './clock-sets.ts';
import { AROUND_MS } from './media-rate.ts';
import { type LinePoint, median } from './robust-line.ts';
import { JITTER_MS, LEAST_STEP_MS, MOST_DELAY_MS, WITNESSES } from './scales.ts';

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
  const flatLevels = levelsOf(flat);
  const { sets, untoldMs } = setsOf(witnesses, flat, flatLevels);
  const behind = flat.map((value, index) => value - (sets[index] ?? 0));
  const levels = sets.some((ms) => ms !== 0) ? levelsOf(behind) : flatLevels;
  const base = baseOf(behind, levels);
  const levelAt = levels.flatMap(({ from, to, valueMs }) => Array.from({ length: to - from }, () => valueMs));
  const serverMs = witnesses.map(({ ntpMs, receivedMs }, index) => {
    const excessMs = excesses.get(witnesses[index]?.track ?? -1) ?? 0;
    const isWrong =
      excessMs > MOST_DELAY_MS || Math.abs((behind[index] ?? 0) - (levelAt[index] ?? 0)) > MOST_DELAY_MS;
    return isWrong ? undefined : ntpMs + (sets[index] ?? 0) + base + slope * (receivedMs - startMs);
  });
  const begins = levels.map(({ from }) => witnesses[from]?.receivedMs ?? 0);
  const routeMs = (receivedMs: number): number => {
    const at = begins.findLastIndex((ms) => ms <= receivedMs);
    return Math.max(0, (levels[Math.max(0, at)]?.valueMs ?? base) - base);
  };
  return { serverMs, routeMs, behindMs: base, slope, untoldMs };
}

/** The median slope of reports of one track that are so far apart that jitter is little, and so near that few routes lie between. */
function slopeOf(witnesses: readonly Witness[], values: readonly number[]): number {
  const points = witnesses.map(({ track, receivedMs: atMs }, index) => ({
    track,
    atMs,
    valueMs: values[index] ?? 0,
  }));
  const slopes: number[] = [];
  for (const of of Map.groupBy(points, ({ track }) => track).values()) addSlopes(slopes, of);
  return slopes.length === 0 ? 0 : median(slopes);
}

function addSlopes(slopes: number[], points: readonly LinePoint[]): void {
  let nearest = 0;
  for (const { atMs, valueMs } of points) {
    while (nearest < points.length && (points[nearest] as LinePoint).atMs - atMs < AROUND_MS) nearest++;
    for (const second of points.slice(nearest, nearest + WITNESSES)) {
      const apartMs = second.atMs - atMs;
      const gainMs = second.valueMs - valueMs;
      if (Math.abs(gainMs) <= MOST_DRIFT * apartMs + JITTER_MS) slopes.push(gainMs / apartMs);
    }
  }
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

/** The lowest level. */
function baseOf(behind: readonly number[], levels: readonly Level[]): number {
  const [lowest] = levels.toSorted((a, b) => a.valueMs - b.valueMs);
  if (lowest === undefined) return 0;
  const near = behind
    .slice(lowest.from, lowest.to)
    .filter((ms) => Math.abs(ms - lowest.valueMs) <= LEAST_STEP_MS);
  const least = median(near);
  const neighbours = lowestNeighbours(behind, lowest.valueMs);
  return neighbours < least - JITTER_MS ? neighbours : least;
}

/** The lowest that two reports in a row agree on: a better way that was open for a moment only. */
function lowestNeighbours(behind: readonly number[], aroundMs: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < behind.length; index++) {
    const [one, other] = [behind[index - 1] ?? 0, behind[index] ?? 0];
    if (Math.abs(one - other) > JITTER_MS || Math.abs(one - aroundMs) > MOST_DELAY_MS) continue;
    lowest = Math.min(lowest, Math.max(one, other));
  }
  return lowest;
}
