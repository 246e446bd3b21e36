import type { Turn } from '../../src/speech/turn-builder.ts';

/** A boundary may be off by this. */
export const BOUNDARY_MS = 150;

export interface Comparison {
  /** Shares of the time spoken that turns cover, and of the time of turns in which nobody spoke. */
  readonly covered: number;
  readonly wrong: number;
  /** The farthest that a start or an end of speech is from that of a turn. */
  readonly worstBoundaryMs: number;
}

export function compareTurns(found: readonly Turn[], truth: readonly Turn[]): Comparison {
  const both = truth.reduce(
    (sum, one) => sum + found.reduce((part, other) => part + overlapMs(one, other), 0),
    0,
  );
  const lengthOf = (turns: readonly Turn[]) =>
    turns.reduce((sum, turn) => sum + turn.endMs - turn.startMs, 0);
  const distance = (ms: number, edge: 'startMs' | 'endMs') =>
    Math.min(...found.map((turn) => Math.abs(turn[edge] - ms)));
  return {
    covered: both / lengthOf(truth),
    wrong: found.length === 0 ? 0 : 1 - both / lengthOf(found),
    worstBoundaryMs: Math.max(
      ...truth.flatMap((turn) => [distance(turn.startMs, 'startMs'), distance(turn.endMs, 'endMs')]),
    ),
  };
}

const overlapMs = (a: Turn, b: Turn): number =>
  Math.max(0, Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs));
