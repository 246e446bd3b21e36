import { createInflateRaw, type InflateRaw } from 'node:zlib';
import type { Inflater } from './inflater.ts';

/** A zlib stream: threads of its own inflate, and the event loop goes on meanwhile. */
export class StreamInflater implements Inflater {
  readonly #stream: InflateRaw;
  #failure: Error | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(chunkSize: number) {
    const options = { chunkSize, highWaterMark: 1 };
    this.#stream = createInflateRaw(options);
    this.#stream.on('readable', () => this.#wake());
    this.#stream.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    this.#stream.on('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  get consumed(): number {
    return this.#stream.bytesWritten;
  }

  async *feed(piece: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
    let consumed = false;
    this.#stream.write(piece, () => {
      consumed = true;
      this.#wake();
    });
    yield* this.#drain(() => consumed);
  }

  async *finish(): AsyncGenerator<Uint8Array, void, void> {
    if (!this.#ended && this.#failure === undefined) this.#stream.end();
    yield* this.#drain(() => false);
  }

  close(): void {
    this.#stream.destroy();
  }

  async *#drain(done: () => boolean): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const chunk: Uint8Array | null = this.#stream.read();
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended || done()) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
