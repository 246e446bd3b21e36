/** One stretch on the way, with what speaks for its level. */
export interface Stage {
  /** Levels that may be its own, beside those of the stage before. */
  readonly candidates: readonly number[];
  /** What was before is of another scale: no level goes on. */
  readonly beginsAnew: boolean;
  /** What it costs to be at `level`. */
  readonly cost: (level: number) => number;
  /** What it costs to come to `level` from `before` of the stage before. */
  readonly change: (before: number, level: number) => number;
}

/** So many levels of the stage before are gone on from: more were never the best. */
const KEPT = 8;

/** Nearer than this, in ms, two levels are one. */
const GRAIN_MS = 1;

interface State {
  readonly level: number;
  /** What it costs to be there. */
  readonly own: number;
  /** The same with all that it costs to come there. */
  readonly cost: number;
  readonly before: State | undefined;
}

/** The levels, a stage each, that cost least together (Viterbi's path, among the best few of each stage). */
export function levelPath(stages: readonly Stage[]): number[] {
  return pathOf(statesOf(stages)).map(({ level }) => level);
}

/**
 * The same, and of each stage how far from its level another one is that a path may take for `within` more: what cannot be told apart.
 */
export function levelPathWithin(
  stages: readonly Stage[],
  within: number,
): { readonly levels: readonly number[]; readonly apart: readonly number[] } {
  const states = statesOf(stages);
  const path = pathOf(states);
  const mostCost = (path.at(-1)?.cost ?? 0) + within;
  const apart: number[] = [];
  /** What it costs to go on from each state of a stage to the end. */
  let onwards: readonly number[] = (states.at(-1) ?? []).map(() => 0);
  for (let index = stages.length - 1; index >= 0; index--) {
    const stage = stages[index] as Stage;
    const here = states[index] ?? [];
    const level = path[index]?.level ?? 0;
    apart[index] = here.reduce((most, state, at) => {
      const isPossible = state.cost + (onwards[at] ?? 0) <= mostCost;
      return isPossible ? Math.max(most, Math.abs(state.level - level)) : most;
    }, 0);
    const through = here.map(({ own }, at) => own + (onwards[at] ?? 0));
    onwards = (states[index - 1] ?? []).map((before) => {
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at < here.length; at++) {
        const cost = through[at] as number;
        if (cost < least)
          least = Math.min(least, cost + stage.change(before.level, (here[at] as State).level));
      }
      return least;
    });
  }
  return { levels: path.map(({ level }) => level), apart };
}

/** Of each stage the states that cost least, in the order of their costs. */
function statesOf(stages: readonly Stage[]): State[][] {
  let states: State[] = [];
  return stages.map((stage) => {
    const next = stage.beginsAnew ? [] : states.map(({ level }) => reached(stage, states, level));
    for (const level of stage.candidates) {
      const isKnown = next.some((other) => Math.abs(other.level - level) < GRAIN_MS);
      if (!isKnown) next.push(reached(stage, states, level));
    }
    next.sort((a, b) => a.cost - b.cost);
    if (next.length > KEPT) next.length = KEPT;
    states = next;
    return next;
  });
}

function reached(stage: Stage, states: readonly State[], level: number): State {
  let before: State | undefined;
  let least = states.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (const state of states) {
    // They are in the order of their costs, and a change costs no less than nothing.
    if (state.cost >= least) break;
    const cost = state.cost + stage.change(state.level, level);
    if (cost >= least) continue;
    least = cost;
    before = state;
  }
  const own = stage.cost(level);
  return { level, own, cost: least + own, before };
}

function pathOf(states: readonly (readonly State[])[]): State[] {
  const path: State[] = [];
  for (let state = states.at(-1)?.[0]; state !== undefined; state = state.before) path.push(state);
  return path.reverse();
}
