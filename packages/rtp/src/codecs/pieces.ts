import { isSparse } from '../held-views.ts';

/**
 * The bytes of a frame while its packets come in: pieces in order, views on what was read. A frame may go on for as long as
 * its sender likes, so pieces that keep more than eight times their size alive are copied once the next one lies in another
 * buffer (as `HeldViews` does it): a thousand packets of ten bytes must not hold a thousand buffers.
 */
export class Pieces {
  readonly chunks: Uint8Array[] = [];
  byteLength = 0;
  #buffer: ArrayBufferLike | undefined;
  /** Index of the first piece in that buffer, and the size of all of them. */
  #from = 0;
  #bytes = 0;

  append(chunk: Uint8Array): void {
    const { buffer } = chunk;
    if (buffer === this.#buffer) this.#bytes += chunk.length;
    else if (isSparse(chunk.length, buffer)) this.#move(chunk);
    this.chunks.push(chunk);
    this.byteLength += chunk.length;
  }

  clear(): void {
    this.chunks.length = 0;
    this.byteLength = 0;
    this.#buffer = undefined;
  }

  /** From one buffer to the next. */
  #move({ buffer, length }: Uint8Array): void {
    const { chunks } = this;
    if (this.#buffer !== undefined && isSparse(this.#bytes, this.#buffer)) {
      for (let index = this.#from; index < chunks.length; index++) {
        const chunk = chunks[index] as Uint8Array;
        if (chunk.buffer === this.#buffer) chunks[index] = chunk.slice();
      }
    }
    this.#buffer = buffer;
    this.#from = chunks.length;
    this.#bytes = length;
  }
}
