import { constants, createInflateRaw, type InflateRaw } from 'node:zlib';
import type { Inflater } from './inflater.ts';

/** What Node's own inflateRawSync drives below a zlib stream. It is not documented: see `works`. */
interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
  onerror: (message: string, errno: number, code: string) => void;
}

interface Internals {
  readonly _handle: Handle;
  /** Bytes left after a call: of the output's room, and of the input. */
  readonly _writeState: Uint32Array;
}

/** Undefined where this Node has nothing, or something else, below its zlib streams. */
export function inflateInPlace(chunkSize: number): Inflater | undefined {
  works ??= tried();
  return works ? new InPlaceInflater(chunkSize) : undefined;
}

let works: boolean | undefined;

/** `ab` as raw deflate (RFC 1951 §3.2.6: fixed codes), and a byte that is no part of it. */
const SAMPLE = Uint8Array.of(0x4b, 0x4c, 0x02, 0x00, 0xff);
/** A block of the type that does not exist. */
const BROKEN = Uint8Array.of(0x07);

function tried(): boolean {
  const [inflater, failing] = [new InPlaceInflater(16), new InPlaceInflater(16)];
  try {
    const chunks = inflater.feed(SAMPLE);
    const { value: found = Buffer.alloc(0) } = chunks.next();
    const isOver = chunks.next().done === true && inflater.ended && inflater.consumed === SAMPLE.length - 1;
    return isOver && Buffer.from(found).toString('latin1') === 'ab' && codeOf(failing) === 'Z_DATA_ERROR';
  } catch {
    return false;
  } finally {
    inflater.close();
    failing.close();
  }
}

function codeOf(failing: InPlaceInflater): string | undefined {
  try {
    failing.feed(BROKEN).next();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Inflates in the thread that asks, which waits meanwhile. */
class InPlaceInflater implements Inflater {
  readonly #stream: InflateRaw & Partial<Internals>;
  readonly #chunkSize: number;
  #room = new Uint8Array(0);
  #failure: Error | undefined;
  #ended = false;
  #consumed = 0;

  constructor(chunkSize: number) {
    this.#stream = createInflateRaw() as InflateRaw & Partial<Internals>;
    this.#chunkSize = chunkSize;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get consumed(): number {
    return this.#consumed;
  }

  feed(piece: Uint8Array): Generator<Uint8Array, void, void> {
    return this.#inflate(piece, constants.Z_NO_FLUSH);
  }

  *finish(): Generator<Uint8Array, void, void> {
    if (!this.#ended) yield* this.#inflate(new Uint8Array(0), constants.Z_FINISH);
    this.#ended = true;
  }

  close(): void {
    this.#stream.destroy();
  }

  *#inflate(piece: Uint8Array, flush: number): Generator<Uint8Array, void, void> {
    const { _handle: handle, _writeState: left } = this.#stream as InflateRaw & Internals;
    handle.onerror = (message, errno, code) => {
      this.#failure = Object.assign(new Error(message), { errno, code });
    };
    for (let at = 0, isFull = true; isFull; ) {
      if (this.#room.length === 0) this.#room = Buffer.allocUnsafeSlow(this.#chunkSize);
      const room = this.#room;
      handle.writeSync(flush, piece, at, piece.length - at, room, 0, room.length);
      if (this.#failure !== undefined) throw this.#failure;
      const [roomLeft = 0, inputLeft = 0] = left;
      this.#consumed += piece.length - at - inputLeft;
      at = piece.length - inputLeft;
      isFull = roomLeft === 0;
      this.#ended = !isFull && inputLeft > 0;
      this.#room = room.subarray(room.length - roomLeft);
      if (roomLeft < room.length) yield room.subarray(0, room.length - roomLeft);
    }
  }
}
