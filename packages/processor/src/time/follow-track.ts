import { levelPathWithin, type Stage } from './level-path.ts';
import type { Piece } from './media-pieces.ts';
import { JITTER_MS, LEAST_STEP_MS, MOST_DELAY_MS, REPORT_MS, SURE } from './scales.ts';

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

/** About minus the logarithm of how often that happens which is `SURE` not to be chance. What costs no more beyond the most likely may as well be true. */
const RARE = SURE ** 2 / 2;

/** What each kind of evidence costs where a level goes against it. */
const COST = {
  /** A ms that only jitter explains: of a packet before its capture, or of what the rate left over. */
  perMs: RARE / JITTER_MS,
  /** A second of packets that all come late: queues drain, and clocks do not. */
  lateSecond: 3,
  /** The square of a report's scatter, up to where it is simply wrong. */
  wrongReport: 2 * RARE,
  /** The clock stood, or jumped; what arrivals show is another step, or none. */
  step: RARE,
  unlike: RARE,
  unseen: 2 * RARE,
  impossible: 1000 * RARE,
};

/** Where the pieces of a track lie, as the evidence makes it most likely. */
export function followTrack(
  evidence: readonly Evidence[],
  excessMs: number,
): {
  /** Of each piece. */
  readonly levels: readonly number[];
  /** How far from it another level is of which the evidence says nearly as much. */
  readonly apart: readonly number[];
} {
  const stages = evidence.map((each, index) => stageOf(evidence, each, index, excessMs));
  return levelPathWithin(stages, RARE);
}

function stageOf(evidence: readonly Evidence[], each: Evidence, index: number, excessMs: number): Stage {
  const { piece, floorMs, reportedMs, routeMs } = each;
  const lateCost = (COST.lateSecond * (piece.toMs - piece.fromMs)) / 1000 / LEAST_STEP_MS;
  const usualMs = floorMs - excessMs - routeMs;
  const before = evidence[index - 1];
  return {
    candidates: candidatesAt(evidence, index, excessMs),
    beginsAnew: before?.piece.clock !== piece.clock,
    cost(level) {
      let cost = COST.perMs * Math.max(0, level - floorMs);
      if (usualMs > level) cost += lateCost * Math.min(LEAST_STEP_MS, usualMs - level);
      for (const ms of reportedMs) cost += Math.min(COST.wrongReport, ((ms - level) / REPORT_MS) ** 2 / 2);
      return cost;
    },
    change: changeCost(before, each, isLevelAt(evidence, index)),
  };
}

/** What shows a level may come later: so far ahead the lowest floor is looked for, and a report. */
const AHEAD = 12;

function candidatesAt(evidence: readonly Evidence[], index: number, excessMs: number): number[] {
  const clock = evidence[index]?.piece.clock;
  const candidates: number[] = [];
  let reportedMs: number | undefined;
  let lowestMs = Number.POSITIVE_INFINITY;
  for (let at = index; at <= index + AHEAD; at++) {
    const each = evidence[at];
    if (each?.piece.clock !== clock || each === undefined) break;
    const floorMs = each.floorMs - excessMs - each.routeMs;
    if (at <= index + 1) candidates.push(floorMs);
    lowestMs = Math.min(lowestMs, floorMs);
    reportedMs ??= each.reportedLevelMs;
  }
  candidates.push(lowestMs);
  if (reportedMs !== undefined) candidates.push(reportedMs);
  return candidates;
}

function changeCost(
  before: Evidence | undefined,
  { piece, routeMs }: Evidence,
  isLevel: boolean,
): Stage['change'] {
  if (before?.piece.clock !== piece.clock) return () => 0;
  const stepMs = piece.stepMs ?? 0;
  // A counter that stood in a pause stood for most of it: so little is the network's.
  const isShown = piece.stepMs !== undefined && !(piece.isBehindPause && Math.abs(stepMs) < MOST_DELAY_MS);
  const shownMs = isShown ? stepMs - (routeMs - before.routeMs) : 0;
  /** A freeze ends in a burst, a queue builds up: level delays behind a step are a clock's. */
  const stayCost = isLevel && shownMs > JITTER_MS ? COST.unlike : 0;
  /** What was sent later was captured later: a clock goes back only as far as its ticks jumped ahead. */
  const mostBackMs = before.piece.toMs - piece.fromMs;
  return (from, to) => {
    const byMs = to - from;
    if (Math.abs(byMs) <= JITTER_MS) return COST.perMs * Math.abs(byMs) + stayCost;
    if (byMs < mostBackMs) return COST.impossible;
    if (!isShown) return COST.step + COST.unseen;
    return COST.step + COST.unlike * Math.min(1, Math.abs(byMs - shownMs) / JITTER_MS);
  };
}

/** Whether the delays of a piece are level, or those of it and of a neighbour. */
function isLevelAt(evidence: readonly Evidence[], index: number): boolean {
  const here = evidence[index];
  if (here === undefined) return false;
  if (isLevelItself(here.piece)) return true;
  return [index - 1, index + 1].some((at) => {
    const other = evidence[at];
    return other?.piece.clock === here.piece.clock && Math.abs(other.floorMs - here.floorMs) <= JITTER_MS;
  });
}

function isLevelItself({ samples, fromMs, toMs, firstReceivedMs, lastReceivedMs }: Piece): boolean {
  const delays = samples.map(({ mediaMs, receivedMs }) => receivedMs - mediaMs);
  // A short piece has one: its ends show whether it was a burst or a queue.
  if (delays.length === 1) delays.push(firstReceivedMs - fromMs, lastReceivedMs - toMs);
  return Math.max(...delays) - Math.min(...delays) <= JITTER_MS;
}
