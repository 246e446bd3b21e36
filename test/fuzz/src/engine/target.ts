import type { Random } from './random.ts';

/** What one execution tells the engine about itself. */
export interface Observation {
  /**
   * Something the input made the reader do. An input with a feature that none before it had joins the pool, so the
   * values should have few possibilities: counts belong into `bucket`.
   */
  feature(kind: string, value?: number): void;
  /** Whole things that came out: packets, frames, tracks. By it a test sees that a target has not gone blind. */
  output(count: number): void;
}

/**
 * Gives an input its structure back, so that mutating one part leaves the others readable. `split` takes any bytes;
 * `join` of its result need not be the same bytes, but something that the reader takes further than random ones.
 */
export interface Framing {
  split(bytes: Uint8Array): { head: Uint8Array; parts: Uint8Array[] };
  join(head: Uint8Array, parts: readonly Uint8Array[]): Uint8Array;
}

/** Of a target whose executions start processes and take some hundred milliseconds each. */
export interface Pace {
  /** As `limitMs` of watching. */
  readonly limitMs: number;
  /** How often a finding is tried smaller. */
  readonly minimizeAttempts: number;
}

/** One reader under test. */
export interface Target {
  readonly name: string;
  /** Inputs are kept below; 16 KiB unless told. */
  readonly maxLength?: number;
  readonly framing?: Framing;
  /** Changes that know what the input means, in place of most that do not. */
  readonly mutate?: (input: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;
  readonly pace?: Pace;
  /** Byte strings that mean something to the reader: mutation puts them in. */
  readonly words?: readonly Uint8Array[];
  /**
   * Reads the bytes, and throws where the reader does something that its documentation rules out: any error that is
   * none of its own, or output that does not hold. The bytes must not be changed by it.
   */
  run(bytes: Uint8Array, observation: Observation): void | Promise<void>;
}

/** 0, 1, 2, 3, then one value for each doubling: how many, without caring exactly. */
export function bucket(count: number): number {
  return count < 4 ? count : 34 - Math.clz32(count);
}
