import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const WINDOW_BYTES = 256 * 1024;

/** Reads a file from front to back in pieces, with the bytes ahead in view. */
export class ByteWindow {
  readonly size: number;
  readonly #descriptor: number;
  #buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  /** Position in the file of the buffer's first byte. */
  #from = 0;
  #length = 0;
  #at = 0;

  /** @throws what the file system says. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    this.size = fstatSync(this.#descriptor).size;
  }

  /** Position in the file of the next byte. */
  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.size - this.#at;
  }

  /** The next bytes, fewer where the file ends; lent until the next call. */
  peek(length: number): Buffer {
    if (this.#at < this.#from || this.#at + length > this.#from + this.#length) this.#load(length);
    const offset = this.#at - this.#from;
    return this.#buffer.subarray(offset, Math.min(offset + length, this.#length));
  }

  seek(position: number): void {
    this.#at = position;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #load(length: number): void {
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(length);
    else if (length <= WINDOW_BYTES && this.#buffer.length > WINDOW_BYTES)
      this.#buffer = Buffer.allocUnsafe(WINDOW_BYTES);
    this.#from = this.#at;
    this.#length = 0;
    while (this.#length < this.#buffer.length) {
      const room = this.#buffer.length - this.#length;
      const read = readSync(this.#descriptor, this.#buffer, this.#length, room, this.#from + this.#length);
      if (read === 0) return;
      this.#length += read;
    }
  }
}
