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
  let states: State[] = [];
  for (const [index, stage] of stages.entries()) {
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
  }
  const levels: number[] = [];
  for (let state = states[0]; state !== undefined; state = state.before) levels.push(state.level);
  return levels.reverse();
}

/** The first of those that are nearly the same. */
function distinct(levels: readonly number[]): number[] {
  const kept: number[] = [];
  for (const level of levels) if (!kept.some((other) => Math.abs(other - level) < GRAIN_MS)) kept.push(level);
  return kept;
}
