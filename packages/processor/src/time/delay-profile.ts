import { LEAST_STEP_MS, SILENCE_MS, WITNESSES } from './scales.ts';

/** A packet or picture seen on both clocks: media time is ticks over the clock rate, received is the server's unix time. */
export interface DelaySample {
  readonly mediaMs: number;
  readonly receivedMs: number;
}

/** A stretch of packets between two places where the clock may have made a step. */
export interface DelayPiece {
  /** Media time of its first and its last packet. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly firstReceivedMs: number;
  readonly lastReceivedMs: number;
  /** The least delayed packet of two seconds: its media time, then its receive time. Flat, as a day has 86,400. */
  readonly samples: Float64Array;
  /**
   * By how much the least delay of the packets from its beginning on is more than that of those before; undefined of the first.
   */
  readonly stepMs: number | undefined;
}

const SAMPLE_MS = 2000;

/** The last units, as far as one that has yet to settle looks back and ahead: a power of two, less one. */
const RING = 15;

/**
 * Sums up when the packets of one run came: the least delayed of two seconds, and the places where what came after is later, or
 * earlier, than what came before. Packets of one timestamp are one unit, which has come with its first. What overtook another
 * says more of it than its own time: a packet was sent no later than any behind it came.
 */
export class DelayProfile {
  readonly #pieces: DelayPiece[] = [];
  /** In rings: unit `n` is at `n & RING`. Those before `#settled` have their place in a piece. */
  readonly #media = new Float64Array(RING + 1);
  readonly #received = new Float64Array(RING + 1);
  #units = 0;
  #settled = 0;
  /** The least delayed of the units of the open piece, of the last `WITNESSES` of them. */
  #least = 0;
  #leastMs = 0;
  #open: OpenPiece | undefined;
  /** Of the last unit, which may have more packets. */
  #mediaMs = Number.NaN;

  /** In the order of sequence numbers. */
  add(mediaMs: number, receivedMs: number): void {
    const received = this.#received;
    if (mediaMs !== this.#mediaMs) {
      if (this.#units - this.#settled > WITNESSES) this.#settle();
      const unit = this.#units++ & RING;
      this.#mediaMs = mediaMs;
      this.#media[unit] = mediaMs;
      received[unit] = Number.POSITIVE_INFINITY;
    }
    for (let at = this.#units - 1; at >= this.#settled && (received[at & RING] as number) > receivedMs; at--)
      received[at & RING] = receivedMs;
  }

  pieces(): readonly DelayPiece[] {
    while (this.#settled < this.#units) this.#settle();
    this.#close();
    this.#mediaMs = Number.NaN;
    return this.#pieces;
  }

  /** Gives the next unit its place: `WITNESSES` are known behind it, as far as there are any. */
  #settle(): void {
    const at = this.#settled++;
    const mediaMs = this.#media[at & RING] as number;
    const receivedMs = this.#received[at & RING] as number;
    const delayMs = receivedMs - mediaMs;
    const open = this.#open;
    if (
      open === undefined ||
      receivedMs - open.lastReceivedMs > SILENCE_MS ||
      this.#isStep(at, delayMs, open)
    ) {
      this.#close();
      this.#open = new OpenPiece(mediaMs, receivedMs, open && this.#leastMs);
      this.#least = at;
      this.#leastMs = delayMs;
      return;
    }
    open.add(mediaMs, receivedMs, delayMs);
    if (delayMs <= this.#leastMs) {
      this.#least = at;
      this.#leastMs = delayMs;
    } else if (this.#least <= at - WITNESSES) {
      this.#least = this.#leastOf(at + 1 - WITNESSES, at + 1);
      this.#leastMs = this.#delayOf(this.#least);
    }
  }

  #isStep(at: number, delayMs: number, open: OpenPiece): boolean {
    const shownMs = delayMs - this.#leastMs;
    if (Math.abs(shownMs) < LEAST_STEP_MS || !open.isKnown) return false;
    const after = this.#leastOf(at, Math.min(at + WITNESSES, this.#units));
    const stepMs = this.#delayOf(after) - this.#leastMs;
    return shownMs < 0 ? stepMs <= -LEAST_STEP_MS : stepMs >= LEAST_STEP_MS;
  }

  /** The last of the least delayed units of these. */
  #leastOf(from: number, to: number): number {
    let least = from;
    for (let at = from + 1; at < to; at++) if (this.#delayOf(at) <= this.#delayOf(least)) least = at;
    return least;
  }

  #delayOf(unit: number): number {
    return (this.#received[unit & RING] as number) - (this.#media[unit & RING] as number);
  }

  #close(): void {
    if (this.#open !== undefined) this.#pieces.push(this.#open.closed());
    this.#open = undefined;
  }
}

class OpenPiece {
  /** The least delay before it. */
  readonly #beforeMs: number | undefined;
  readonly #firstMediaMs: number;
  readonly #firstReceivedMs: number;
  #lastMediaMs: number;
  lastReceivedMs: number;
  #leastMediaMs: number;
  #leastReceivedMs: number;
  /** Of its first few. */
  #leastDelayMs: number;
  #sampleEndsMs: number;
  readonly #samples: number[] = [];
  #units = 1;

  constructor(mediaMs: number, receivedMs: number, beforeMs: number | undefined) {
    this.#beforeMs = beforeMs;
    this.#firstMediaMs = mediaMs;
    this.#firstReceivedMs = receivedMs;
    this.#lastMediaMs = mediaMs;
    this.lastReceivedMs = receivedMs;
    this.#leastMediaMs = mediaMs;
    this.#leastReceivedMs = receivedMs;
    this.#leastDelayMs = receivedMs - mediaMs;
    this.#sampleEndsMs = mediaMs + SAMPLE_MS;
  }

  /** Whether it says what a step is to be measured against. */
  get isKnown(): boolean {
    return this.#units >= WITNESSES;
  }

  add(mediaMs: number, receivedMs: number, delayMs: number): void {
    this.#lastMediaMs = mediaMs;
    this.lastReceivedMs = receivedMs;
    if (this.#units++ < WITNESSES && delayMs < this.#leastDelayMs) this.#leastDelayMs = delayMs;
    if (mediaMs >= this.#sampleEndsMs) {
      this.#samples.push(this.#leastMediaMs, this.#leastReceivedMs);
      this.#sampleEndsMs = mediaMs + SAMPLE_MS;
    } else if (delayMs >= this.#leastReceivedMs - this.#leastMediaMs) return;
    this.#leastMediaMs = mediaMs;
    this.#leastReceivedMs = receivedMs;
  }

  closed(): DelayPiece {
    this.#samples.push(this.#leastMediaMs, this.#leastReceivedMs);
    return {
      fromMs: this.#firstMediaMs,
      toMs: this.#lastMediaMs,
      firstReceivedMs: this.#firstReceivedMs,
      lastReceivedMs: this.lastReceivedMs,
      samples: new Float64Array(this.#samples),
      stepMs: this.#beforeMs === undefined ? undefined : this.#leastDelayMs - this.#beforeMs,
    };
  }
}
