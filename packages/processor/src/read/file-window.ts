import { closeSync, openSync, readSync } from 'node:fs';

const WINDOW_BYTES = 256 * 1024;

/**
 * Copies ranges of a file that are asked for roughly in order: reads a piece at once, always into the same memory. The file
 * is opened for each, so that nobody has to say when the last range was taken.
 */
export class FileWindow {
  readonly #path: string;
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws RangeError where the file ends before the range does */
  copy(position: number, length: number, target: Uint8Array, at: number): void {
    if (position < this.#start || position + length > this.#end) this.#move(position, length);
    const from = position - this.#start;
    target.set(this.#bytes.subarray(from, from + length), at);
  }

  #move(position: number, least: number): void {
    if (this.#bytes.length < Math.max(WINDOW_BYTES, least))
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(WINDOW_BYTES, least));
    this.#start = position;
    this.#end = position;
    const descriptor = openSync(this.#path, 'r');
    try {
      while (this.#end < position + least) {
        const at = this.#end - position;
        const length = readSync(descriptor, this.#bytes, at, this.#bytes.length - at, this.#end);
        if (length === 0) throw new RangeError('a file ends before the frames that were written to it');
        this.#end += length;
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
