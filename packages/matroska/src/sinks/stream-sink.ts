import { finished, type Writable } from 'node:stream';
import type { ByteSink } from '../byte-sink.ts';
import { MatroskaError } from '../matroska-error.ts';

/**
 * Any Node Writable: a pipe, a socket, an HTTP response, an upload. Append-only, so the file becomes a live-style stream.
 * A write returns a promise when the stream's buffer is full, which settles when it drained.
 *
 * Bytes are copied: a stream keeps what it was given long after `write`, while the writer uses its buffer again.
 */
export class StreamSink implements ByteSink {
  readonly #stream: Writable;
  #ending = false;
  /** How the stream came to its end, once it has. */
  #ended: { readonly error: Error | undefined } | undefined;
  /** Settles the promise of a write that waits for room. */
  #wake: (() => void) | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    const settled = (error?: Error | null): void => {
      this.#ended ??= { error: error ?? undefined };
      this.#wake?.();
    };
    finished(stream, { readable: false }, settled);
    stream.on('drain', () => this.#wake?.());
  }

  /** @throws MatroskaError `sink-write-failed` with the stream's error as cause, `sink-closed`; the promise rejects alike */
  write(bytes: Uint8Array): void | Promise<void> {
    this.#assertWritable();
    if (this.#stream.write(Uint8Array.from(bytes))) return;
    return new Promise((resolve, reject) => {
      this.#wake = () => {
        this.#wake = undefined;
        const failure = this.#failure();
        if (failure === undefined) resolve();
        else reject(failure);
      };
    });
  }

  /** Ends the stream; settles when all of it has been taken. Rejects with `sink-write-failed` when it has not. */
  end(): Promise<void> {
    this.#ending = true;
    return new Promise((resolve, reject) => {
      finished(this.#stream, { readable: false }, (error) => {
        if (error) reject(writeFailed(error));
        else resolve();
      });
      this.#stream.end();
    });
  }

  #assertWritable(): void {
    const failure = this.#failure();
    if (failure !== undefined) throw failure;
    if (this.#ending || !this.#stream.writable)
      throw new MatroskaError('sink-closed', 'the stream has ended already');
  }

  #failure(): MatroskaError | undefined {
    if (this.#ended === undefined) return undefined;
    const { error } = this.#ended;
    if (error === undefined) return new MatroskaError('sink-closed', 'the stream has ended already');
    return writeFailed(error);
  }
}

function writeFailed(cause: Error): MatroskaError {
  return new MatroskaError('sink-write-failed', `the stream cannot be written: ${cause.message}`, { cause });
}
