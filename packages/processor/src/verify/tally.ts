import { seconds } from './mismatch.ts';

/** How many frames, and from where to where. */
export class Tally {
  count = 0;
  firstMs = 0;
  lastMs = 0;

  note(ms: number): void {
    if (this.count === 0) this.firstMs = ms;
    this.lastMs = ms;
    this.count++;
  }

  get frames(): string {
    return this.count === 1 ? '1 frame' : `${this.count} frames`;
  }

  get where(): string {
    if (this.count === 1) return `at ${seconds(this.firstMs)}`;
    return `between ${seconds(this.firstMs)} and ${seconds(this.lastMs)}`;
  }
}

/** Median of millisecond values in a memory that does not grow with their number. */
export class BoundedMedian {
  static readonly #PER_MS = 10;
  /** What is further out counts as this far. */
  static readonly #REACH_MS = 2000;
  readonly #bins = new Uint32Array(2 * BoundedMedian.#REACH_MS * BoundedMedian.#PER_MS + 1);
  #count = 0;

  add(ms: number): void {
    const reach = BoundedMedian.#REACH_MS;
    const bin = Math.round((Math.max(-reach, Math.min(reach, ms)) + reach) * BoundedMedian.#PER_MS);
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#count++;
  }

  /** Undefined where there is no value. */
  get value(): number | undefined {
    let left = this.#count / 2;
    for (const [bin, count] of this.#bins.entries()) {
      left -= count;
      if (count > 0 && left <= 0) return bin / BoundedMedian.#PER_MS - BoundedMedian.#REACH_MS;
    }
    return undefined;
  }
}
