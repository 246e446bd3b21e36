/** The least of the last `length` values. */
export class SlidingMinimum {
  readonly #length: number;
  /** Values that may still become the least, rising, and when each came; a ring. */
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  #first = 0;
  #count = 0;
  #now = 0;

  constructor(length: number) {
    this.#length = length;
    this.#values = new Float64Array(length);
    this.#times = new Float64Array(length);
  }

  push(value: number): number {
    const now = this.#now++;
    if (this.#count > 0 && (this.#times[this.#first] ?? 0) <= now - this.#length) {
      this.#first = (this.#first + 1) % this.#length;
      this.#count--;
    }
    while (this.#count > 0 && (this.#values[this.#place(this.#count - 1)] ?? 0) >= value) this.#count--;
    const place = this.#place(this.#count++);
    this.#values[place] = value;
    this.#times[place] = now;
    return this.#values[this.#first] ?? value;
  }

  #place(index: number): number {
    return (this.#first + index) % this.#length;
  }
}
