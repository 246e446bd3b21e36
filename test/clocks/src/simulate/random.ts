/** Random numbers of one seed (mulberry32): the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
    // Neighbouring seeds begin alike.
    for (let round = 0; round < 4; round++) this.next();
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** As likely between 1 and 10 as between 10 and 100. */
  byMagnitude(from: number, to: number): number {
    return from * (to / from) ** this.next();
  }

  /** Both ends may come. */
  integer(from: number, to: number): number {
    return from + Math.floor((to - from + 1) * this.next());
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** The number, or its opposite. */
  eitherWay(value: number): number {
    return this.chance(0.5) ? value : -value;
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  normal(deviation: number): number {
    return deviation * Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  pick<T>(of: readonly [T, ...T[]]): T {
    return of[this.integer(0, of.length - 1)] as T;
  }

  uint32(): number {
    return Math.floor(this.next() * 2 ** 32);
  }

  /** Moments in from..to, in order, at least a third of their mean distance apart. */
  moments(count: number, from: number, to: number): number[] {
    const share = (to - from) / count;
    if (!(share > 0)) return [];
    return Array.from({ length: count }, (_, index) => from + share * (index + this.between(1 / 6, 5 / 6)));
  }
}
