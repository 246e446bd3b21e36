import type { ByteSink } from '../byte-sink.ts';

const FIRST_CAPACITY = 64 * 1024;

/** The file in memory: for tests, and for files that are small. */
export class MemorySink implements ByteSink {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  /** What was written so far: a copy. */
  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  write(bytes: Uint8Array): void {
    this.#put(this.#length, bytes);
    this.#length += bytes.length;
  }

  /** @throws RangeError where it reaches beyond what was written */
  writeAt(position: number, bytes: Uint8Array): void {
    if (position < 0 || position + bytes.length > this.#length) {
      throw new RangeError(`${bytes.length} bytes at ${position} lie outside the ${this.#length} written`);
    }
    this.#put(position, bytes);
  }

  #put(position: number, bytes: Uint8Array): void {
    const needed = position + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, position);
  }
}
