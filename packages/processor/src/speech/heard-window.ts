/** By what a packet is judged. */
export const HEARD = { level: 0, vad: 1, size: 2, silence: 3 } as const;

export type HeardBy = (typeof HEARD)[keyof typeof HEARD];

/** A packet's place among all that were heard. */
export type HeardIndex = number;

/** A minute of packets of 20 ms. */
const FIRST_CAPACITY = 4096;

/** The packets of a sliding window, by their numbers, in columns: an object for each would be most of what telling speech costs. */
export class HeardWindow {
  #capacity = FIRST_CAPACITY;
  #atMs = new Float64Array(FIRST_CAPACITY);
  #durationMs = new Float64Array(FIRST_CAPACITY);
  #heardBy = new Uint8Array(FIRST_CAPACITY);
  #loudness = new Uint8Array(FIRST_CAPACITY);
  #flagged = new Uint8Array(FIRST_CAPACITY);
  #first = 0;
  #end = 0;

  /** The number of the oldest packet, and one behind that of the latest. */
  get first(): HeardIndex {
    return this.#first;
  }
  get end(): HeardIndex {
    return this.#end;
  }

  /** @param isFlagged `vad` and `level`: it is a voice; `size`: it has as many bytes as the one before */
  enter(atMs: number, durationMs: number, heardBy: HeardBy, loudness: number, isFlagged: boolean): void {
    if (this.#end - this.#first === this.#capacity) this.#grow();
    const at = this.#end++ & (this.#capacity - 1);
    this.#atMs[at] = atMs;
    this.#durationMs[at] = durationMs;
    this.#heardBy[at] = heardBy;
    this.#loudness[at] = loudness;
    this.#flagged[at] = isFlagged ? 1 : 0;
  }

  /** Lets go of the oldest. */
  leave(): void {
    this.#first++;
  }

  atMs(index: HeardIndex): number {
    return this.#atMs[index & (this.#capacity - 1)] as number;
  }
  durationMs(index: HeardIndex): number {
    return this.#durationMs[index & (this.#capacity - 1)] as number;
  }
  heardBy(index: HeardIndex): HeardBy {
    return this.#heardBy[index & (this.#capacity - 1)] as HeardBy;
  }
  loudness(index: HeardIndex): number {
    return this.#loudness[index & (this.#capacity - 1)] as number;
  }
  isFlagged(index: HeardIndex): boolean {
    return this.#flagged[index & (this.#capacity - 1)] === 1;
  }

  #grow(): void {
    const turned = this.#first & (this.#capacity - 1);
    const grown = <Column extends Float64Array | Uint8Array>(column: Column, larger: Column): Column => {
      const start = this.#first & (2 * this.#capacity - 1);
      const head = column.subarray(turned);
      larger.set(head, start);
      larger.set(column.subarray(0, turned), (start + head.length) % larger.length);
      return larger;
    };
    const capacity = 2 * this.#capacity;
    this.#atMs = grown(this.#atMs, new Float64Array(capacity));
    this.#durationMs = grown(this.#durationMs, new Float64Array(capacity));
    this.#heardBy = grown(this.#heardBy, new Uint8Array(capacity));
    this.#loudness = grown(this.#loudness, new Uint8Array(capacity));
    this.#flagged = grown(this.#flagged, new Uint8Array(capacity));
    this.#capacity = capacity;
  }
}
