import { closeSync, openSync, writeSync } from 'node:fs';
import type { ByteSink } from '../byte-sink.ts';
import { MatroskaError } from '../matroska-error.ts';

const BUFFER_LENGTH = 128 * 1024;

/**
 * A file, written synchronously: clusters come in pieces large enough that waiting for the kernel costs less than turns of
 * the event loop. Small writes are gathered, large ones go past the buffer.
 *
 * The descriptor belongs to the sink from the constructor on: `close` writes what is gathered and closes it, `discard` only
 * closes it.
 */
export class FileSink implements ByteSink {
  readonly #fd: number;
  readonly #name: string;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_LENGTH);
  #gathered = 0;
  #state: 'open' | 'failed' | 'closed' = 'open';

  /** @param name What messages call the file. */
  constructor(fd: number, name = `file descriptor ${fd}`) {
    this.#fd = fd;
    this.#name = name;
  }

  /**
   * Creates the file, or empties the one that is there; with `exclusive` an existing one is an error.
   *
   * @throws MatroskaError `sink-open-failed`
   */
  static open(path: string, options: { readonly exclusive?: boolean } = {}): FileSink {
    try {
      return new FileSink(openSync(path, options.exclusive ? 'wx' : 'w'), path);
    } catch (error) {
      throw new MatroskaError('sink-open-failed', `${path} cannot be opened for writing: ${reason(error)}`, {
        cause: error,
      });
    }
  }

  /** @throws MatroskaError `sink-write-failed`, `sink-closed` */
  write(bytes: Uint8Array): void {
    this.#assertOpen();
    if (this.#gathered + bytes.length > BUFFER_LENGTH) this.#flush();
    if (bytes.length >= BUFFER_LENGTH) {
      this.#writeAll(bytes, null);
      return;
    }
    this.#buffer.set(bytes, this.#gathered);
    this.#gathered += bytes.length;
  }

  /** `position` counts from the beginning of the file. Throws like `write`. */
  writeAt(position: number, bytes: Uint8Array): void {
    this.#assertOpen();
    this.#flush();
    this.#writeAll(bytes, position);
  }

  /** Writes the rest and closes; closing again does nothing. Throws like `write`, the descriptor is closed even then. */
  close(): void {
    if (this.#state === 'closed') return;
    try {
      this.#flush();
    } finally {
      this.discard();
    }
  }

  /** Closes without writing the rest, for a file that will be removed. */
  discard(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    try {
      closeSync(this.#fd);
    } catch (error) {
      // Network file systems report a full disk only here.
      throw this.#failure(error);
    }
  }

  #assertOpen(): void {
    if (this.#state === 'closed') throw new MatroskaError('sink-closed', `${this.#name} is closed already`);
    if (this.#state === 'failed') {
      throw new MatroskaError(
        'sink-write-failed',
        `${this.#name} could not be written before: it is incomplete`,
      );
    }
  }

  /** Nothing is kept when it fails: what stands in the file then has no known end. */
  #flush(): void {
    const length = this.#gathered;
    this.#gathered = 0;
    if (length > 0) this.#writeAll(this.#buffer.subarray(0, length), null);
  }

  /** The kernel may take less than it is given. */
  #writeAll(bytes: Uint8Array, position: number | null): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        const at = position === null ? null : position + done;
        done += writeSync(this.#fd, bytes, done, bytes.length - done, at);
      }
    } catch (error) {
      this.#state = 'failed';
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): MatroskaError {
    return new MatroskaError('sink-write-failed', `${this.#name} cannot be written: ${reason(error)}`, {
      cause: error,
    });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
