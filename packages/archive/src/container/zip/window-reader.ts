import { RandomAccessReader } from 'yauzl';
import type { ByteSource } from '../../source/byte-source.ts';

/** The directory's records are some 100 bytes each: read many at once. */
const WINDOW = 256 * 1024;

/** Serves yauzl's small reads from one window. It never opens a stream: yauzl's own reader closes the file with it. */
export class WindowReader extends RandomAccessReader {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;
  /** Why the source could not be read. */
  failure: unknown;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (this.#serve(buffer, offset, length, position)) {
      callback(null);
      return;
    }
    this.#source.read(position, Math.max(length, WINDOW)).then(
      (bytes) => {
        this.#window = bytes;
        this.#windowStart = position;
        const served = this.#serve(buffer, offset, length, position);
        callback(served ? null : new Error('the file ends inside the directory'));
      },
      (error: Error) => {
        this.failure = error;
        callback(error);
      },
    );
  }

  #serve(buffer: Buffer, offset: number, length: number, position: number): boolean {
    const from = position - this.#windowStart;
    if (from < 0 || from + length > this.#window.byteLength) return false;
    buffer.set(this.#window.subarray(from, from + length), offset);
    return true;
  }

  override close(callback: (error: Error | null) => void): void {
    // The source is not ours.
    callback(null);
  }
}
