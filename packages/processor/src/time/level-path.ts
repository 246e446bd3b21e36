/** Stretches one behind the other, with what speaks for the level of each. */
export interface Stages {
  readonly count: number;
  /** Whether what was before a stage is of another scale: no level goes on. */
  beginsAnew(stage: number): boolean;
  /** Writes down levels that may be a stage's own, beside those of the stage before. @returns how many */
  candidates(stage: number, into: number[]): number;
  /** What it costs to be at `level`. */
  cost(stage: number, level: number): number;
  /** What it costs to come to `level` from `before` of the stage before, and the least that it costs from any that is another. */
  change(stage: number, before: number, level: number): number;
  leastChange(stage: number): number;
}

/** So many levels of the stage before are gone on from: more were never the best. */
const KEPT = 8;

/** Nearer than this, in ms, two levels are one. */
export const GRAIN_MS = 1;

/** The levels, a stage each, that cost least together (Viterbi's path, among the best few of each stage). */
export const levelPath = (stages: Stages): Float64Array => pathOf(statesOf(stages));

/**
 * The same, and of each stage how far from its level another one is that a path may take for `within` more: what cannot be told apart.
 */
export function levelPathWithin(
  stages: Stages,
  within: number,
): { readonly levels: Float64Array; readonly apart: Float64Array } {
  const states = statesOf(stages);
  const levels = pathOf(states);
  return { levels, apart: apartOf(stages, states, levels, within) };
}

/** Of each stage the levels that cost least, in the order of their costs: in `KEPT` places each. */
interface States {
  readonly kept: Uint8Array;
  readonly levels: Float64Array;
  /** What it costs to be there. */
  readonly own: Float64Array;
  /** The same with all that it costs to come there. */
  readonly costs: Float64Array;
  /** Which one of the stage before is come from. */
  readonly before: Uint8Array;
}

function statesOf(stages: Stages): States {
  const { count } = stages;
  const states = {
    kept: new Uint8Array(count),
    levels: new Float64Array(count * KEPT),
    own: new Float64Array(count * KEPT),
    costs: new Float64Array(count * KEPT),
    before: new Uint8Array(count * KEPT),
  };
  const { kept, levels } = states;
  const candidates: number[] = [];
  const tried: number[] = [];
  for (let stage = 0; stage < count; stage++) {
    const goesOn = stage > 0 && !stages.beginsAnew(stage);
    const carried = goesOn ? (kept[stage - 1] as number) : 0;
    let tries = 0;
    for (let at = 0; at < carried; at++) {
      const level = levels[(stage - 1) * KEPT + at] as number;
      tried[tries++] = level;
      reach(stages, states, stage, level, at);
    }
    const own = stages.candidates(stage, candidates);
    for (let at = 0; at < own; at++) {
      const level = candidates[at] as number;
      if (isAmong(tried, tries, level)) continue;
      tried[tries++] = level;
      reach(stages, states, stage, level, 0);
    }
  }
  return states;
}

function isAmong(levels: readonly number[], count: number, level: number): boolean {
  for (let at = 0; at < count; at++) if (Math.abs((levels[at] as number) - level) < GRAIN_MS) return true;
  return false;
}

/**
 * Comes to a level from where that costs least, and keeps it if it is among the best.
 *
 * @param same which one of the stage before it is, 0 if none
 */
function reach(stages: Stages, states: States, stage: number, level: number, same: number): void {
  const { kept, levels, own, costs, before } = states;
  let from = 0;
  let least = 0;
  if (stage > 0) {
    const first = (stage - 1) * KEPT;
    const count = kept[stage - 1] as number;
    const leastChange = stages.leastChange(stage);
    least = (costs[first] as number) + stages.change(stage, levels[first] as number, level);
    for (let at = 1; at < count; at++) {
      // They are in the order of their costs: of those behind only the level itself may cost less.
      if ((costs[first + at] as number) + leastChange >= least) {
        if (same < at) break;
        at = same;
      }
      const cost = (costs[first + at] as number) + stages.change(stage, levels[first + at] as number, level);
      if (cost >= least) continue;
      least = cost;
      from = at;
    }
  }
  const ownCost = stages.cost(stage, level);
  const cost = least + ownCost;
  const begin = stage * KEPT;
  let at = begin + (kept[stage] as number);
  if (at === begin + KEPT) {
    at--;
    if (cost >= (costs[at] as number)) return;
  } else (kept[stage] as number)++;
  for (; at > begin && (costs[at - 1] as number) > cost; at--) {
    levels[at] = levels[at - 1] as number;
    own[at] = own[at - 1] as number;
    costs[at] = costs[at - 1] as number;
    before[at] = before[at - 1] as number;
  }
  levels[at] = level;
  own[at] = ownCost;
  costs[at] = cost;
  before[at] = from;
}

function pathOf({ kept, levels, before }: States): Float64Array {
  const path = new Float64Array(kept.length);
  for (let stage = kept.length - 1, at = 0; stage >= 0; stage--) {
    path[stage] = levels[stage * KEPT + at] as number;
    at = before[stage * KEPT + at] as number;
  }
  return path;
}

function apartOf(stages: Stages, states: States, path: Float64Array, within: number): Float64Array {
  const { kept, levels, own, costs } = states;
  const apart = new Float64Array(path.length);
  const mostCost = (costs[(path.length - 1) * KEPT] ?? 0) + within;
  /** What it costs to go on from each level of a stage to the end, and from where it is come from. */
  const onwards = new Float64Array(KEPT);
  const through = new Float64Array(KEPT);
  for (let stage = path.length - 1; stage >= 0; stage--) {
    const first = stage * KEPT;
    const here = kept[stage] as number;
    let mostMs = 0;
    for (let at = 0; at < here; at++) {
      const onwardCost = onwards[at] as number;
      through[at] = (own[first + at] as number) + onwardCost;
      if ((costs[first + at] as number) + onwardCost <= mostCost)
        mostMs = Math.max(mostMs, Math.abs((levels[first + at] as number) - (path[stage] as number)));
    }
    apart[stage] = mostMs;
    if (stage === 0) break;
    const leastChange = stages.leastChange(stage);
    for (let from = 0; from < (kept[stage - 1] as number); from++) {
      const level = levels[first - KEPT + from] as number;
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at < here; at++) {
        const cost = through[at] as number;
        const to = levels[first + at] as number;
        if (cost + (to === level ? 0 : leastChange) < least)
          least = Math.min(least, cost + stages.change(stage, level, to));
      }
      onwards[from] = least;
    }
  }
  return apart;
}
