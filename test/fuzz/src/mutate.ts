/** A random number generator of 32 bits of state (mulberry32): small, fast, the same everywhere. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 ≤ n < limit */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

/** Values at which lengths, counts and signs turn over. */
const INTERESTING = [0, 1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 191, 192, 223, 254, 255];

const MAX_INPUT = 64 * 1024;

type Mutation = (input: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const overwrite =
  (newValue: (old: number, random: Random) => number): Mutation =>
  (input, random) => {
    const output = input.slice();
    if (output.length > 0) {
      const at = random.below(output.length);
      output[at] = newValue(output[at] as number, random);
    }
    return output;
  };

const MUTATIONS: readonly Mutation[] = [
  overwrite((old, random) => old ^ (1 << random.below(8))),
  overwrite((_, random) => random.pick(INTERESTING)),
  overwrite((old, random) => old + random.below(33) - 16),
  // cut, from either end or the middle
  (input, random) => input.slice(0, random.below(input.length + 1)),
  (input, random) => {
    const from = random.below(input.length + 1);
    return join(input.subarray(0, from), input.subarray(Math.min(input.length, from + 1 + random.below(64))));
  },
  // repeat a stretch
  (input, random) => {
    const from = random.below(input.length + 1);
    const stretch = input.subarray(from, from + 1 + random.below(256));
    return join(input.subarray(0, from), stretch, input.subarray(from));
  },
  // put random bytes in between
  (input, random) => {
    const at = random.below(input.length + 1);
    const bytes = Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
    return join(input.subarray(0, at), bytes, input.subarray(at));
  },
  // go on as another input
  (input, random, other) =>
    join(input.subarray(0, random.below(input.length + 1)), other.subarray(random.below(other.length + 1))),
];

/** One to eight changes, one on top of the other. */
export function mutate(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let output = input;
  for (let changes = 1 + random.below(8); changes > 0; changes--)
    output = random.pick(MUTATIONS)(output, random, other);
  return output.subarray(0, MAX_INPUT);
}
