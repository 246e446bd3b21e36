/** A reader under fire. */
export interface Target {
  readonly name: string;
  /**
   * Feeds one input and checks what comes out.
   *
   * @returns what kind of thing happened: an input that makes a new kind happen is worth mutating further.
   * @throws whenever something undocumented is thrown or something invalid comes out.
   */
  run(input: Uint8Array): string | Promise<string>;
}

/** Counts that differ by less than a factor of two are the same kind of thing. */
export const magnitude = (count: number): number => (count === 0 ? 0 : 1 + Math.floor(Math.log2(count)));

export function check(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(`broken promise: ${claim}`);
}
