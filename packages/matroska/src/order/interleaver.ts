import type { FrameBytes } from '../matroska-frame.ts';

/** What is waiting may span this much time before the oldest goes without those that are late. */
const MAX_WAIT_MS = 2000;
/** And this many octets of frames, and of the buffers that they are views on. */
const MAX_WAIT_BYTES = 8 * 1024 * 1024;
/** Buffers up to this size hold a frame or a piece of one, and little else. */
const SMALL_BUFFER = 4096;

interface Timed {
  /** What is put in order; never smaller than that of the item before on its lane. */
  readonly orderMs: number;
  readonly byteLength: number;
  /** Views that it is made of, and what is stored elsewhere; without them it has bytes of its own. */
  readonly chunks?: readonly FrameBytes[];
}

/** From here on, what has gone out at the front of a lane is worth moving the rest up. */
const COMPACT_AT = 64;

class Lane<T extends Timed> {
  readonly #items: (T | undefined)[] = [];
  /** What each item keeps in memory. */
  readonly #weights: number[] = [];
  #head = 0;
  /** The last one that an item is a view on. */
  #buffer: ArrayBufferLike | undefined;
  open = true;

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  get last(): T | undefined {
    return this.#items.at(-1);
  }

  /** @returns what waits more now, in octets. */
  push(item: T): number {
    const weight = this.#weigh(item);
    this.#items.push(item);
    this.#weights.push(weight);
    return weight;
  }

  /** A frame of ten octets that is all that waits of a buffer keeps the whole buffer alive; those after it, no more of it. */
  #weigh({ byteLength, chunks = [] }: T): number {
    let weight = byteLength;
    for (const chunk of chunks) {
      if (!(chunk instanceof Uint8Array)) continue;
      const { buffer } = chunk;
      if (buffer === this.#buffer || buffer.byteLength <= SMALL_BUFFER) continue;
      this.#buffer = buffer;
      weight += buffer.byteLength;
    }
    return weight;
  }

  /** @returns what waits less now, in octets. */
  shift(): number {
    const weight = this.#weights[this.#head] ?? 0;
    // Let go of it at once: it holds views on whatever it was read from.
    this.#items[this.#head++] = undefined;
    this.#trim();
    return weight;
  }

  #trim(): void {
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#weights.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#weights.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

/**
 * Brings the frames of several tracks into time order. Each track's own frames come in order, the tracks at their own
 * pace, so a frame goes out when every track that has not ended has one waiting and it is the earliest of them; of
 * equal times the lower track first.
 *
 * A track that is silent, starts late or lags must not make the others pile up: once what waits spans 2 seconds or keeps
 * 8 MiB in memory, the earliest goes out anyway. Frames that come later than that are not lost, they only stand behind later ones of
 * other tracks.
 */
export class Interleaver<T extends Timed> {
  readonly #lanes: readonly Lane<T>[];
  #waitingBytes = 0;

  constructor(lanes: number) {
    this.#lanes = Array.from({ length: lanes }, () => new Lane<T>());
  }

  push(lane: number, item: T): void {
    this.#waitingBytes += this.#lane(lane).push(item);
  }

  /** No more comes on this lane; what waits there still goes out in its turn. */
  close(lane: number): void {
    this.#lane(lane).open = false;
  }

  isClosed(lane: number): boolean {
    return !this.#lane(lane).open;
  }

  /** The next one to go out, or undefined as long as an earlier one may still come. Call until undefined. */
  next(): T | undefined {
    let earliest: Lane<T> | undefined;
    let oldestMs = Number.POSITIVE_INFINITY;
    let newestMs = 0;
    let complete = true;
    for (const lane of this.#lanes) {
      const { first } = lane;
      if (first === undefined) {
        if (lane.open) complete = false;
        continue;
      }
      newestMs = Math.max(newestMs, (lane.last as T).orderMs);
      if (first.orderMs < oldestMs) {
        oldestMs = first.orderMs;
        earliest = lane;
      }
    }
    const full = newestMs - oldestMs > MAX_WAIT_MS || this.#waitingBytes > MAX_WAIT_BYTES;
    if (earliest === undefined || !(complete || full)) return undefined;
    const item = earliest.first as T;
    this.#waitingBytes -= earliest.shift();
    return item;
  }

  #lane(lane: number): Lane<T> {
    return this.#lanes[lane] as Lane<T>;
  }
}
