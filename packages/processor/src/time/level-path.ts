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
    const here = states[index] ?? [];
    const level = path[index]?.level ?? 0;
    apart[index] = here.reduce((most, state, at) => {
      const isPossible = state.cost + (onwards[at] ?? 0) <= mostCost;
      return isPossible ? Math.max(most, Math.abs(state.level - level)) : most;
    }, 0);
    const stage = stages[index];
    onwards = (states[index - 1] ?? []).map((before) =>
      here.reduce((least, { level }, at) => {
        const cost =
          (stage?.change(before.level, level) ?? 0) + (stage?.cost(level) ?? 0) + (onwards[at] ?? 0);
        return Math.min(least, cost);
      }, Number.POSITIVE_INFINITY),
    );
  }
  return { levels: path.map(({ level }) => level), apart };
}

/** Of each stage the states that cost least, in the order of their costs. */
function statesOf(stages: readonly Stage[]): State[][] {
  let states: State[] = [];
  return stages.map((stage, index) => {
    const before = stage.beginsAnew ? [] : states.map(({ level }) => level);
    const next = distinct([...before, ...stage.candidates]).map((level): State => {
      let best: State | undefined;
      let least = index === 0 ? 0 : Number.POSITIVE_INFINITY;
      for (const state of states) {
        // They are in the order of their costs, and a change costs no less than nothing.
        if (state.cost >= least) break;
        const cost = state.cost + stage.change(state.level, level);
        if (cost >= least) continue;
        least = cost;
        best = state;
      }
      return { level, cost: least + stage.cost(level), before: best };
    });
    states = next.sort((a, b) => a.cost - b.cost).slice(0, KEPT);
    return states;
  });
}

function pathOf(states: readonly (readonly State[])[]): State[] {
  const path: State[] = [];
  for (let state = states.at(-1)?.[0]; state !== undefined; state = state.before) path.push(state);
  return path.reverse();
}

/** The first of those that are nearly the same. */
function distinct(levels: readonly number[]): number[] {
  const kept: number[] = [];
  for (const level of levels) if (!kept.some((other) => Math.abs(other - level) < GRAIN_MS)) kept.push(level);
  return kept;
}
