import { levelPath } from './level-path.ts';
import { median } from './robust-line.ts';

/** A report, and when the least delayed packet of its moment came. */
export interface Witness {
  readonly track: number;
  /** Of the track's media clocks the one that it is of. */
  readonly clock: number;
  /** Server's clock: when the least delayed packet near it came, as if it had been sent with it. */
  readonly receivedMs: number;
  /** The participant's clock, unix ms. */
  readonly ntpMs: number;
  /** Media time that the stream's clock should have shown, had it run true: steps of the participant's clock show against it. */
  readonly mediaMs: number;
  /** For how long the media clock may have stood until then, all together. */
  readonly stoodMs: number;
}

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
}

/** Pairs so far apart tell the slope of one clock against the other; nearer it is jitter, further there are routes between. */
const APART_MS = { least: 10_000, most: 45_000 };
const PAIRS_EACH = 12;

/** What is more than a clock can gain, and jitter, is a step between the two. */
const MOST_DRIFT = 300e-6;
const JITTER_MS = 15;

/** A report that is late by more than this is no worse than one that is late by it: queues pass. */
const MOST_LATE_MS = 60;

/** A level may begin before the report that is most like it. */
const AHEAD = 3;

/** What another level costs: two reports must agree on it. */
const LEVEL_COST = 100;

/** Further from the level of those around it a report is wrong. */
const WRONG_MS = 250;

/** A step of the participant's clock and what the stream's media time shows of it agree within this, and a tenth. */
const SAME_STEP_MS = 25;

/** No route and no queue that lasts adds more. */
const MOST_ROUTE_MS = 2000;

/** Two reports that agree on the least delay do so within this. */
const AGREEMENT_MS = 15;

/** Reports on each side of a step that tell its height. */
const WITNESSES = 3;

/** Reports that put a stream's least delayed packets this much later than its session's are wrong. */
const MOST_EXCESS_MS = 1000;

/** Reports of two streams within this were made under the same circumstances. */
const SIDE_BY_SIDE_MS = 6000;

/** Of the least delayed packets a few may have come by a better way than ever again. */
const LEAST_SHARE = 0.2;

interface Level {
  readonly from: number;
  readonly to: number;
  readonly valueMs: number;
}

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
  const sets = setsOf(witnesses, levelsOf(flat));
  const behind = flat.map((value, index) => value - (sets[index] ?? 0));
  const levels = levelsOf(behind);
  const base = baseOf(behind, levels);
  const levelAt = levels.flatMap(({ from, to, valueMs }) => Array.from({ length: to - from }, () => valueMs));
  const serverMs = witnesses.map(({ ntpMs, receivedMs }, index) => {
    const excessMs = excesses.get(witnesses[index]?.track ?? -1) ?? 0;
    const isWrong =
      excessMs > MOST_EXCESS_MS || Math.abs((behind[index] ?? 0) - (levelAt[index] ?? 0)) > WRONG_MS;
    return isWrong ? undefined : ntpMs + (sets[index] ?? 0) + base + slope * (receivedMs - startMs);
  });
  const begins = levels.map(({ from }) => witnesses[from]?.receivedMs ?? 0);
  const routeMs = (receivedMs: number): number => {
    const at = begins.findLastIndex((ms) => ms <= receivedMs);
    return Math.max(0, (levels[Math.max(0, at)]?.valueMs ?? base) - base);
  };
  return { serverMs, routeMs, behindMs: base, slope };
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
  for (const [index, { track, receivedMs }] of witnesses.entries()) {
    if (track === reference) latest = index;
    else if (latest !== undefined && receivedMs - (witnesses[latest]?.receivedMs ?? 0) <= SIDE_BY_SIDE_MS)
      of(track).push((values[index] ?? 0) - (values[latest] ?? 0));
  }
  const excesses = new Map([...apart].map(([track, ms]) => [track, median(ms)]));
  if (reference !== undefined) excesses.set(reference, 0);
  const least = Math.min(...excesses.values());
  return new Map([...excesses].map(([track, ms]) => [track, ms - least]));
}

function levelsOf(values: readonly number[]): Level[] {
  const path = levelPath(
    values.map((value, index) => ({
      candidates: values.slice(index, index + 1 + AHEAD),
      beginsAnew: false,
      cost: (level: number) => Math.min(MOST_LATE_MS, Math.abs(value - level)),
      change: (before: number, level: number) => (before === level ? 0 : LEVEL_COST),
    })),
  );
  const levels: { from: number; to: number; valueMs: number }[] = [];
  for (const [index, valueMs] of path.entries()) {
    const last = levels.at(-1);
    if (last?.valueMs === valueMs) last.to = index + 1;
    else levels.push({ from: index, to: index + 1, valueMs });
  }
  return levels;
}

/** Of each report what the participant's clock was set by before it. */
function setsOf(witnesses: readonly Witness[], levels: readonly Level[]): number[] {
  let setMs = 0;
  let before: Level | undefined;
  return levels.flatMap((level) => {
    const stepMs = before === undefined ? 0 : level.valueMs - before.valueMs;
    if (before !== undefined && isAnswered(witnesses, before, level, stepMs)) setMs += stepMs;
    before = level;
    return Array.from({ length: level.to - level.from }, () => setMs);
  });
}

/**
 * Whether the reports of streams step against their media time as `behind` does. A media clock that may have stood leaves that open
 * as far as it may have; where none can tell, only a clock is set by so much.
 */
function isAnswered(witnesses: readonly Witness[], before: Level, after: Level, stepMs: number): boolean {
  const earlier = firstOfClocks(witnesses.slice(before.from, before.to).reverse());
  const later = firstOfClocks(witnesses.slice(after.from, after.to));
  const tolerance = SAME_STEP_MS + Math.abs(stepMs) / 10;
  let answers = 0;
  for (const [clock, next] of later) {
    const last = earlier.get(clock);
    if (last === undefined) continue;
    const seenMs = median(next.map(offsetOf)) - median(last.map(offsetOf));
    const stoodMs = (next[0]?.stoodMs ?? 0) - (last[0]?.stoodMs ?? 0);
    const explains = (ms: number) =>
      Math.abs(ms) <= tolerance ? 2 : Number(ms >= -tolerance && ms <= stoodMs + tolerance);
    answers += Math.sign(explains(seenMs + stepMs) - explains(seenMs));
  }
  return answers > 0 || (answers === 0 && Math.abs(stepMs) > MOST_ROUTE_MS);
}

const offsetOf = ({ ntpMs, mediaMs }: Witness): number => ntpMs - mediaMs;

/** The first few of each media clock. */
function firstOfClocks(witnesses: readonly Witness[]): Map<string, Witness[]> {
  const found = new Map<string, Witness[]>();
  for (const witness of witnesses) {
    const key = `${witness.track} ${witness.clock}`;
    const of = found.get(key) ?? [];
    if (of.length < WITNESSES) found.set(key, [...of, witness]);
  }
  return found;
}

/** The lowest level that more than one report tells of, and on it the least delayed. */
function baseOf(behind: readonly number[], levels: readonly Level[]): number {
  const lasting = levels.filter(({ from, to }) => to - from >= 2);
  const [lowest] = (lasting.length > 0 ? lasting : levels).toSorted((a, b) => a.valueMs - b.valueMs);
  if (lowest === undefined) return 0;
  const of = behind
    .slice(lowest.from, lowest.to)
    .filter((ms) => Math.abs(ms - lowest.valueMs) <= MOST_LATE_MS);
  const sorted = of.toSorted((a, b) => a - b);
  const least = sorted[Math.floor(sorted.length * LEAST_SHARE)] ?? lowest.valueMs;
  const neighbours = lowestNeighbours(behind, lowest.valueMs);
  return neighbours < least - AGREEMENT_MS ? neighbours : least;
}

/** The lowest that two reports in a row agree on: a better way that was open for a moment only. */
function lowestNeighbours(behind: readonly number[], aroundMs: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < behind.length; index++) {
    const [one, other] = [behind[index - 1] ?? 0, behind[index] ?? 0];
    if (Math.abs(one - other) > AGREEMENT_MS || Math.abs(one - aroundMs) > WRONG_MS) continue;
    lowest = Math.min(lowest, Math.max(one, other));
  }
  return lowest;
}
