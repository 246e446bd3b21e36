import { timestampDistance } from '@rawreel/rtp';
import { i32 } from './header-words.ts';

/** So much later than its timestamp lets it come, or before what was written before it, no packet comes. */
const DOUBTED_MS = 10_000;

const MOST_DAMAGED = 10_000;

/**
 * Receive times of a dump, whose records are written as they come: a packet that is far from the one before it, where the next is
 * not, has a damaged time, and gets that of the one before. Where the next agrees with it, the media clock or the network stood.
 */
export class ReceiveTimes {
  readonly #ticksPerMs: number;
  readonly #damaged = new Map<number, number>();
  #lastMs: number | undefined;
  #ssrc = 0;
  #timestamp = 0;
  #doubtedMs = Number.NaN;

  constructor(clockRate: number) {
    this.#ticksPerMs = clockRate / 1000;
  }

  /** The time of the next record, an RTP packet. */
  take(bytes: Uint8Array, offsetMs: number): number {
    const ssrc = i32(bytes, 8);
    const timestamp = i32(bytes, 4);
    const isSameSource = ssrc === this.#ssrc;
    const lastMs = this.#lastMs ?? offsetMs;
    const mediaMs = isSameSource ? timestampDistance(this.#timestamp, timestamp) / this.#ticksPerMs : 0;
    const offMs = offsetMs - lastMs - Math.max(0, mediaMs);
    this.#ssrc = ssrc;
    this.#timestamp = timestamp;
    const isBelieved =
      (offMs <= DOUBTED_MS && offsetMs - lastMs >= -DOUBTED_MS) ||
      Math.abs(offsetMs - this.#doubtedMs) <= DOUBTED_MS;
    this.#lastMs = isBelieved ? offsetMs : lastMs;
    this.#doubtedMs = isBelieved ? Number.NaN : offsetMs;
    // Nothing says when another source begins.
    if (isBelieved || !isSameSource) return offsetMs;
    if (this.#damaged.size < MOST_DAMAGED) this.#damaged.set(offsetMs, lastMs);
    return lastMs;
  }

  /** What stands in the dump → what is taken for true. */
  of(offsetMs: number): number {
    return this.#damaged.size === 0 ? offsetMs : (this.#damaged.get(offsetMs) ?? offsetMs);
  }
}
