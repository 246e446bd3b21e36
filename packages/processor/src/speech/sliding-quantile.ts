/** A quantile of whole numbers from 0 up that come and go: asking again costs as many steps as it has moved. */
export class SlidingQuantile {
  readonly #share: number;
  readonly #counts: Uint32Array;
  #count = 0;
  /** Where it was when last asked for, and how many numbers are less. */
  #at = 0;
  #less = 0;

  /** @param share above 0 and below 1 @param steps numbers are less than that */
  constructor(share: number, steps: number) {
    this.#share = share;
    this.#counts = new Uint32Array(steps);
  }

  add(number: number): void {
    this.#change(number, 1);
  }

  /** One that was added. */
  remove(number: number): void {
    this.#change(number, -1);
  }

  /** The least number that, with all below it, makes up the share; 0 where there are none. */
  get value(): number {
    if (this.#count === 0) return 0;
    const counts = this.#counts;
    const wanted = this.#share * this.#count;
    while (this.#less >= wanted) this.#less -= counts[--this.#at] as number;
    while (this.#less + (counts[this.#at] as number) < wanted) this.#less += counts[this.#at++] as number;
    return this.#at;
  }

  #change(number: number, by: 1 | -1): void {
    this.#counts[number] = (this.#counts[number] as number) + by;
    this.#count += by;
    if (number < this.#at) this.#less += by;
  }
}
