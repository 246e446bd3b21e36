import { levelPath, type Stage } from './level-path.ts';
import type { Piece } from './media-pieces.ts';

/** A piece with what is known of where it lies: `o`, server's clock less media time, its clock's rate taken out. */
export interface Evidence {
  readonly piece: Piece;
  /** Of the least delayed packet: it was captured no later. */
  readonly floorMs: number;
  /** What reports say, each, and their median. */
  readonly reportedMs: readonly number[];
  readonly reportedLevelMs: number | undefined;
  /** What the route adds, as far as reports tell. */
  readonly routeMs: number;
}

export interface Weights {
  /** The reports' own scatter. */
  readonly sigmaMs: number;
  /** By how much the track's least delayed packets are usually later than the session's. */
  readonly excessMs: number;
}

/** Levels this near to each other differ by what the rate left over: they are on one line. */
export const SLIP_MS = 12;

/**
 * What each kind of evidence costs where a level goes against it, all in one scale: about minus the logarithm of how often that
 * happens.
 */
const COST = {
  /** A packet that came before it was captured: what is beyond is wrong beyond doubt. */
  early: { freeMs: 2, perMs: 3, most: 300 },
  /** A second of packets that all come this late. */
  late: { fullMs: 40, perSecond: { reported: 0.5, reportedLevel: 3, bare: 1, bareLevel: 8 } },
  /** A report in the square of its scatter, up to where it is simply wrong. */
  report: { most: 40 },
  /** What the rate left over, per ms. */
  slip: 0.3,
  /** The clock stood, or jumped: more where arrivals show another step, or none. */
  step: { up: 8, down: 12, unlike: 15, unseen: 60, behindPause: 3 },
};

/** A step and what arrivals show of it are alike within this. */
const LIKE_MS = 20;

/** A counter that stood in a pause stood for most of it: so little is the network's. */
const SMALL_PAUSE_MS = 150;

/** Floors, or seconds of one piece, that agree so well are no queue that builds up or drains. */
const LEVEL_MS = 10;

/** A route is late for longer, and then it is a step that is seen. */
const LONGEST_DETOUR_MS = 20_000;

/** Reports this near on both sides hold a stretch between them. */
const HELD_WITHIN_MS = 15_000;

/** Where each piece of a track lies, as the evidence makes it most likely. @returns a level for each */
export function followTrack(evidence: readonly Evidence[], weights: Weights): number[] {
  const levels = levelPath(evidence.map((each, index) => stageOf(evidence, each, index, weights)));
  return withoutDetours(evidence, levels);
}

/** Packets that are late for a while, and then come as before: a clock that stood and jumped back to the same place is none. */
function withoutDetours(evidence: readonly Evidence[], levels: readonly number[]): number[] {
  const straight = [...levels];
  for (let from = 1; from < straight.length; from++) {
    const before = straight[from - 1] ?? 0;
    if ((straight[from] ?? 0) - before <= SLIP_MS) continue;
    const to = endOfDetour(evidence, straight, from, before);
    if (to !== undefined) straight.fill(before, from, to);
  }
  return straight;
}

function endOfDetour(
  evidence: readonly Evidence[],
  levels: readonly number[],
  from: number,
  beforeMs: number,
): number | undefined {
  const [first, clock] = [evidence[from]?.piece.fromMs ?? 0, evidence[from - 1]?.piece.clock];
  for (let at = from; at < Math.min(levels.length, from + AHEAD.most); at++) {
    const each = evidence[at];
    if (each === undefined || each.piece.clock !== clock) return undefined;
    if (at > from && each.piece.isBehindPause) return undefined;
    if (Math.abs((levels[at] ?? 0) - beforeMs) <= SLIP_MS) return at;
    const isLong = each.piece.fromMs - first > LONGEST_DETOUR_MS;
    if (isLong || each.reportedMs.length > 0 || (levels[at] ?? 0) < beforeMs) return undefined;
  }
  return undefined;
}

function stageOf(evidence: readonly Evidence[], each: Evidence, index: number, weights: Weights): Stage {
  const { piece, floorMs, reportedMs, routeMs } = each;
  const { early, late, report } = COST;
  const { sigmaMs, excessMs } = weights;
  const secondsLong = (piece.toMs - piece.fromMs) / 1000 + 0.02;
  const isHeld = isReportedAround(evidence, index);
  const isLevel = isLevelAt(evidence, index);
  const { reported, reportedLevel, bare, bareLevel } = late.perSecond;
  const perSecond = isHeld ? (isLevel ? reportedLevel : reported) : isLevel ? bareLevel : bare;
  const usualMs = floorMs - excessMs - routeMs;
  return {
    candidates: candidatesAt(evidence, index, weights),
    beginsAnew: evidence[index - 1]?.piece.clock !== piece.clock,
    cost(level) {
      const earlyMs = level - floorMs - early.freeMs;
      const lateMs = usualMs - level;
      let cost = earlyMs > 0 ? Math.min(early.most, earlyMs * early.perMs) : 0;
      if (lateMs > 0) cost += perSecond * secondsLong * Math.min(1, lateMs / late.fullMs);
      for (const ms of reportedMs) cost += Math.min(report.most, ((ms - level) / sigmaMs) ** 2 / 2);
      return cost;
    },
    change: (before, level) => changeCost(evidence[index - 1]?.piece, piece, level - before),
  };
}

/** What shows a level may come later: the next floors, the lowest of more of them, and the next reports. */
const AHEAD = { floors: 3, lowest: 12, reports: 2, most: 60 };

function candidatesAt(evidence: readonly Evidence[], index: number, { excessMs }: Weights): number[] {
  const clock = evidence[index]?.piece.clock;
  const floors: number[] = [];
  const reported: number[] = [];
  for (let at = index; at < evidence.length && at <= index + AHEAD.most; at++) {
    const each = evidence[at];
    if (each?.piece.clock !== clock || each === undefined) break;
    if (at <= index + AHEAD.lowest) floors.push(each.floorMs - excessMs - each.routeMs);
    if (each.reportedLevelMs !== undefined) reported.push(each.reportedLevelMs);
    if (reported.length >= AHEAD.reports && at >= index + AHEAD.lowest) break;
  }
  return [...floors.slice(0, 1 + AHEAD.floors), Math.min(...floors), ...reported.slice(0, AHEAD.reports)];
}

function changeCost(
  before: Piece | undefined,
  { clock, stepMs, isBehindPause }: Piece,
  byMs: number,
): number {
  const { slip, step } = COST;
  if (before?.clock !== clock) return 0;
  if (Math.abs(byMs) <= SLIP_MS) return slip * Math.abs(byMs);
  const cost = byMs > 0 ? step.up : step.down;
  if (stepMs === undefined || (isBehindPause && Math.abs(byMs) < SMALL_PAUSE_MS)) return cost + step.unseen;
  const unlike = step.unlike * Math.min(1, Math.abs(byMs - stepMs) / LIKE_MS);
  return unlike + (isBehindPause ? step.behindPause : cost);
}

function isLevelAt(evidence: readonly Evidence[], index: number): boolean {
  const here = evidence[index];
  if (here === undefined) return false;
  if (isLevelItself(here.piece)) return true;
  return [index - 1, index + 1].some((at) => {
    const other = evidence[at];
    if (other?.piece.clock !== here.piece.clock) return false;
    const apartMs = Math.abs(other.floorMs - here.floorMs);
    return apartMs <= LEVEL_MS && other.piece.toMs - other.piece.fromMs > 500;
  });
}

function isLevelItself({ samples }: Piece): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { mediaMs, receivedMs } of samples) {
    least = Math.min(least, receivedMs - mediaMs);
    most = Math.max(most, receivedMs - mediaMs);
  }
  return samples.length > 1 && most - least <= LEVEL_MS;
}

function isReportedAround(evidence: readonly Evidence[], index: number): boolean {
  return isReportedTowards(evidence, index, -1) && isReportedTowards(evidence, index, 1);
}

function isReportedTowards(evidence: readonly Evidence[], index: number, direction: 1 | -1): boolean {
  const here = evidence[index]?.piece;
  if (here === undefined) return false;
  for (let at = index; Math.abs(at - index) <= AHEAD.most; at += direction) {
    const other = evidence[at];
    if (other === undefined || other.piece.clock !== here.clock) return false;
    const apartMs = direction > 0 ? other.piece.fromMs - here.toMs : here.fromMs - other.piece.toMs;
    if (apartMs > HELD_WITHIN_MS) return false;
    if (other.reportedMs.length > 0) return true;
  }
  return false;
}
