/** What is waiting may span this much time before the oldest goes without those that are late. */
const MAX_WAIT_MS = 2000;
/** And this many octets of frames. */
const MAX_WAIT_BYTES = 8 * 1024 * 1024;

interface Timed {
  readonly timestampMs: number;
  readonly byteLength: number;
}

/** From here on, what has gone out at the front of a lane is worth moving the rest up. */
const COMPACT_AT = 64;

class Lane<T> {
  readonly #items: (T | undefined)[] = [];
  #head = 0;
  open = true;

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  get last(): T | undefined {
    return this.#items.at(-1);
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): void {
    // Let go of it at once: it holds views on whatever it was read from.
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

/**
 * Brings the frames of several tracks into time order. Each track's own frames come in order, the tracks at their own
 * pace, so a frame goes out when every track that has not ended has one waiting and it is the earliest of them; of
 * equal times the lower track first.
 *
 * A track that is silent, starts late or lags must not make the others pile up: once what waits spans 2 seconds or 8 MiB,
 * the earliest goes out anyway. Frames that come later than that are not lost, they only stand behind later ones of
 * other tracks.
 */
export class Interleaver<T extends Timed> {
  readonly #lanes: readonly Lane<T>[];
  #waitingBytes = 0;

  constructor(lanes: number) {
    this.#lanes = Array.from({ length: lanes }, () => new Lane<T>());
  }

  push(lane: number, item: T): void {
    this.#lane(lane).push(item);
    this.#waitingBytes += item.byteLength;
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
      newestMs = Math.max(newestMs, (lane.last as T).timestampMs);
      if (first.timestampMs < oldestMs) {
        oldestMs = first.timestampMs;
        earliest = lane;
      }
    }
    const full = newestMs - oldestMs > MAX_WAIT_MS || this.#waitingBytes > MAX_WAIT_BYTES;
    if (earliest === undefined || !(complete || full)) return undefined;
    const item = earliest.first as T;
    earliest.shift();
    this.#waitingBytes -= item.byteLength;
    return item;
  }

  #lane(lane: number): Lane<T> {
    return this.#lanes[lane] as Lane<T>;
  }
}
