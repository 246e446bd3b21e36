import { SILENCE_MS } from './delay-profile.ts';
import { levelPathWithin, type Stage } from './level-path.ts';
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

/** What costs no more than this beyond the most likely may as well be true. */
const SURE = 8;

/** Levels this near to each other differ by what the rate left over, and floors by jitter: they are on one line. */
export const SLIP_MS = 12;

/**
 * What each kind of evidence costs where a level goes against it, all in one scale: about minus the logarithm of how often that
 * happens.
 */
const COST = {
  /** A packet that came before it was captured: what is beyond is wrong beyond doubt. */
  early: { perMs: 3, most: 300 },
  /** A second of packets that all come this late: queues drain, and clocks do not. */
  late: { fullMs: 40, perSecond: 1, perLevelSecond: 5 },
  /** A report in the square of its scatter, up to where it is simply wrong. */
  report: { most: 40 },
  /** What the rate left over, per ms. */
  slip: 0.3,
  /** The clock stood, or jumped; arrivals show another step, or none. */
  step: { any: 8, unlike: 15, unseen: 60 },
};

/** A counter that stood in a pause stood for most of it: so little is the network's. */
const SMALL_PAUSE_MS = SILENCE_MS / 4;

/** Where the pieces of a track lie, as the evidence makes it most likely. */
export function followTrack(
  evidence: readonly Evidence[],
  weights: Weights,
): {
  /** Of each piece. */
  readonly levels: readonly number[];
  /** How far from it another level is of which the evidence says nearly as much. */
  readonly apart: readonly number[];
} {
  const stages = evidence.map((each, index) => stageOf(evidence, each, index, weights));
  return levelPathWithin(stages, SURE);
}

function stageOf(evidence: readonly Evidence[], each: Evidence, index: number, weights: Weights): Stage {
  const { piece, floorMs, reportedMs, routeMs } = each;
  const { early, late, report } = COST;
  const { sigmaMs, excessMs } = weights;
  const secondsLong = (piece.toMs - piece.fromMs) / 1000 + 0.02;
  const isLevel = isLevelAt(evidence, index);
  const perSecond = isLevel ? late.perLevelSecond : late.perSecond;
  const usualMs = floorMs - excessMs - routeMs;
  return {
    candidates: candidatesAt(evidence, index, weights),
    beginsAnew: evidence[index - 1]?.piece.clock !== piece.clock,
    cost(level) {
      const earlyMs = level - floorMs;
      // What comes before the route lets it is as odd as what comes late.
      const lateMs = Math.max(usualMs - level, level - floorMs + routeMs);
      let cost = earlyMs > 0 ? Math.min(early.most, earlyMs * early.perMs) : 0;
      if (lateMs > 0) cost += perSecond * secondsLong * Math.min(1, lateMs / late.fullMs);
      for (const ms of reportedMs) cost += Math.min(report.most, ((ms - level) / sigmaMs) ** 2 / 2);
      return cost;
    },
    change: (before, level) => changeCost(evidence[index - 1], each, level - before, isLevel),
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
  before: Evidence | undefined,
  { piece, routeMs }: Evidence,
  byMs: number,
  isLevel: boolean,
): number {
  const { slip, step } = COST;
  const { clock, stepMs, isBehindPause } = piece;
  if (before?.piece.clock !== clock) return 0;
  const isSmall = isBehindPause && Math.abs(stepMs ?? 0) < SMALL_PAUSE_MS;
  const shownMs = stepMs === undefined || isSmall ? 0 : stepMs - (routeMs - before.routeMs);
  if (Math.abs(byMs) <= SLIP_MS)
    return slip * Math.abs(byMs) + (isLevel && shownMs > SLIP_MS ? step.unlike : 0);
  // What was sent later was captured later: a clock goes back only as far as its ticks jumped ahead.
  if (byMs < before.piece.toMs - piece.fromMs) return COST.early.most;
  if (stepMs === undefined || isSmall) return step.any + step.unseen;
  return step.any + step.unlike * Math.min(1, Math.abs(byMs - shownMs) / SLIP_MS);
}

function isLevelAt(evidence: readonly Evidence[], index: number): boolean {
  const here = evidence[index];
  if (here === undefined) return false;
  if (isLevelItself(here.piece)) return true;
  return [index - 1, index + 1].some((at) => {
    const other = evidence[at];
    if (other?.piece.clock !== here.piece.clock) return false;
    const apartMs = Math.abs(other.floorMs - here.floorMs);
    return apartMs <= SLIP_MS && other.piece.toMs - other.piece.fromMs > 500;
  });
}

function isLevelItself({ samples, fromMs, toMs, firstReceivedMs, lastReceivedMs }: Piece): boolean {
  const delays = samples.map(({ mediaMs, receivedMs }) => receivedMs - mediaMs);
  // A short piece has one: its ends show whether it was a burst or a queue.
  if (delays.length === 1) delays.push(firstReceivedMs - fromMs, lastReceivedMs - toMs);
  return toMs - fromMs > 100 && Math.max(...delays) - Math.min(...delays) <= SLIP_MS;
}
