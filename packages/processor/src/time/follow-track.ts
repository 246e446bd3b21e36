import { GRAIN_MS, levelPathWithin, type Stages } from './level-path.ts';
import type { Piece, Samples } from './media-pieces.ts';
import type { RatedTrack } from './rated-track.ts';
import { median } from './robust-line.ts';
import { JITTER_MS, LEAST_STEP_MS, MOST_DELAY_MS, REPORT_MS, SURE } from './scales.ts';
import type { ReportsOfPieces } from './session-reports.ts';

/** A track's pieces with what is known of where they lie: `o`, server's clock less media time, their clocks' rates taken out. */
export interface Evidence {
  /** Of each piece, the least delayed packet was captured no later than its floor. */
  readonly rated: RatedTrack;
  readonly reports: ReportsOfPieces;
  /** Of each piece, what the route adds, as far as reports tell. */
  readonly routes: Float64Array;
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

/** What shows a level may come later: so far ahead the lowest floor is looked for, and a report. */
const AHEAD = 12;

/** Where the pieces of a track lie, as the evidence makes it most likely. */
export const followTrack = (
  evidence: Evidence,
  excessMs: number,
): {
  /** Of each piece. */
  readonly levels: Float64Array;
  /** How far from it another level is of which the evidence says nearly as much. */
  readonly apart: Float64Array;
} => levelPathWithin(new PieceStages(evidence, excessMs), RARE);

class PieceStages implements Stages {
  readonly count: number;
  readonly #evidence: Evidence;
  readonly #pieces: readonly Piece[];
  /** Of each piece, where its floor is less what the track and the route usually add. */
  readonly #usual: Float64Array;
  /** The median of what its reports say; not a number without. */
  readonly #reported: Float64Array;
  /** The step that arrivals show at its beginning; not a number where they show none. */
  readonly #shown: Float64Array;
  /** What it costs to make none. */
  readonly #stayCost: Float64Array;

  constructor(evidence: Evidence, excessMs: number) {
    const { rated, reports, routes } = evidence;
    this.count = rated.pieces.length;
    this.#evidence = evidence;
    this.#pieces = rated.pieces;
    this.#usual = new Float64Array(this.count);
    this.#reported = new Float64Array(this.count);
    this.#shown = new Float64Array(this.count);
    this.#stayCost = new Float64Array(this.count);
    for (let stage = 0; stage < this.count; stage++) {
      this.#usual[stage] = (rated.floors[stage] as number) - excessMs - (routes[stage] as number);
      this.#reported[stage] = median(reports.valueMs, reports.starts[stage], reports.starts[stage + 1]);
      const shownMs = this.beginsAnew(stage) ? Number.NaN : shownAt(evidence, stage);
      this.#shown[stage] = shownMs;
      // A freeze ends in a burst, a queue builds up: level delays behind a step are a clock's.
      if (shownMs > JITTER_MS && isLevelAt(evidence, stage)) this.#stayCost[stage] = COST.unlike;
    }
  }

  beginsAnew(stage: number): boolean {
    return this.#pieces[stage - 1]?.clock !== this.#pieces[stage]?.clock;
  }

  candidates(stage: number, into: number[]): number {
    const usual = this.#usual;
    let count = 0;
    into[count++] = usual[stage] as number;
    let lowestMs = usual[stage] as number;
    let reportedMs = this.#reported[stage] as number;
    for (let at = stage + 1; at <= stage + AHEAD && at < this.count && !this.beginsAnew(at); at++) {
      const usualMs = usual[at] as number;
      if (at === stage + 1) into[count++] = usualMs;
      lowestMs = Math.min(lowestMs, usualMs);
      if (Number.isNaN(reportedMs)) reportedMs = this.#reported[at] as number;
    }
    into[count++] = lowestMs;
    if (!Number.isNaN(reportedMs)) into[count++] = reportedMs;
    return count;
  }

  cost(stage: number, level: number): number {
    const { rated, reports } = this.#evidence;
    const { fromMs, toMs } = this.#pieces[stage] as Piece;
    const lateMs = (this.#usual[stage] as number) - level;
    let cost = COST.perMs * Math.max(0, level - (rated.floors[stage] as number));
    if (lateMs > 0)
      cost += ((COST.lateSecond * (toMs - fromMs)) / 1000 / LEAST_STEP_MS) * Math.min(LEAST_STEP_MS, lateMs);
    const end = reports.starts[stage + 1] as number;
    for (let at = reports.starts[stage] as number; at < end; at++)
      cost += Math.min(COST.wrongReport, (((reports.valueMs[at] as number) - level) / REPORT_MS) ** 2 / 2);
    return cost;
  }

  change(stage: number, before: number, level: number): number {
    if (this.beginsAnew(stage)) return 0;
    const byMs = level - before;
    if (Math.abs(byMs) <= JITTER_MS) return COST.perMs * Math.abs(byMs) + (this.#stayCost[stage] as number);
    // What was sent later was captured later: a clock goes back only as far as its ticks jumped ahead.
    if (byMs < (this.#pieces[stage - 1] as Piece).toMs - (this.#pieces[stage] as Piece).fromMs)
      return COST.impossible;
    const shownMs = this.#shown[stage] as number;
    if (Number.isNaN(shownMs)) return COST.step + COST.unseen;
    return COST.step + COST.unlike * Math.min(1, Math.abs(byMs - shownMs) / JITTER_MS);
  }

  leastChange(stage: number): number {
    return this.beginsAnew(stage) ? 0 : COST.perMs * GRAIN_MS;
  }
}

/** What arrivals show of a step before a piece, without what the route explains. */
function shownAt({ rated: { pieces }, routes }: Evidence, index: number): number {
  const { stepMs, isBehindPause } = pieces[index] as Piece;
  if (stepMs === undefined) return Number.NaN;
  // A counter that stood in a pause stood for most of it: so little is the network's.
  if (isBehindPause && Math.abs(stepMs) < MOST_DELAY_MS) return Number.NaN;
  return stepMs - ((routes[index] as number) - (routes[index - 1] as number));
}

/** Whether the delays of a piece are level, or those of it and of a neighbour. */
const isLevelAt = ({ rated: { pieces, samples, floors } }: Evidence, index: number): boolean =>
  isLevelItself(samples, pieces[index] as Piece) ||
  [index - 1, index + 1].some(
    (at) =>
      pieces[at]?.clock === pieces[index]?.clock &&
      Math.abs((floors[at] as number) - (floors[index] as number)) <= JITTER_MS,
  );

function isLevelItself({ mediaMs, receivedMs }: Samples, piece: Piece): boolean {
  const { samplesFrom, samplesTo } = piece;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const see = (delayMs: number) => {
    least = Math.min(least, delayMs);
    most = Math.max(most, delayMs);
  };
  for (let at = samplesFrom; at < samplesTo; at++) see((receivedMs[at] as number) - (mediaMs[at] as number));
  // A short piece has one: its ends show whether it was a burst or a queue.
  if (samplesTo - samplesFrom === 1) {
    see(piece.firstReceivedMs - piece.fromMs);
    see(piece.lastReceivedMs - piece.toMs);
  }
  return most - least <= JITTER_MS;
}
