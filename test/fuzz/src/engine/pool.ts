import type { Random } from './random.ts';

const MOST_INPUTS = 4096;

/** The inputs that mutation starts from: the committed corpus, and what showed something new since. */
export class Pool {
  readonly #inputs: Uint8Array[];
  readonly #kept: number;

  constructor(corpus: readonly Uint8Array[]) {
    this.#inputs = corpus.length > 0 ? [...corpus] : [new Uint8Array([0])];
    this.#kept = this.#inputs.length;
  }

  get size(): number {
    return this.#inputs.length;
  }

  /** A full pool gives up something it found itself, never the corpus. */
  add(input: Uint8Array, random: Random): void {
    if (this.#inputs.length < MOST_INPUTS) this.#inputs.push(input);
    else this.#inputs[this.#kept + random.below(this.#inputs.length - this.#kept)] = input;
  }

  /** What is newest has been tried least: it is taken more often. */
  pick(random: Random): Uint8Array {
    const recent = Math.min(32, this.#inputs.length);
    if (random.oneIn(4)) return this.#inputs[this.#inputs.length - 1 - random.below(recent)] as Uint8Array;
    return random.pick(this.#inputs);
  }
}
