import { LEAST_STEP_MS, SILENCE_MS, WITNESSES } from './scales.ts';

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

/** Packets on each side of a place that must show a step: jitter of single packets is none. */
const SIDE = 2 * WITNESSES;

const SAMPLE_MS = 2000;

/** Packets that are looked at in one go, of two numbers each: the loop stays in the processor's cache, among RTP it does not. */
const BATCH = 2 * 256;

/** The last units, as far as one that has yet to settle looks back and ahead: a power of two, less one. */
const RING = 31;

/**
 * Sums up when the packets of one run came: the least delayed of two seconds, and the places where what came after is later, or
 * earlier, than what came before. Packets of one timestamp are one unit, which has come with its first. What overtook another
 * says more of it than its own time: a packet was sent no later than any behind it came.
 */
export class DelayProfile {
  readonly #pieces: DelayPiece[] = [];
  readonly #batch = new Float64Array(BATCH);
  #waiting = 0;
  /** In rings: unit `n` is at `n & RING`. Those before `#settled` have their place in a piece. */
  readonly #media = new Float64Array(RING + 1);
  readonly #received = new Float64Array(RING + 1);
  #units = 0;
  #settled = 0;
  /** Of the last unit, which may have more packets. */
  #mediaMs = Number.NaN;
  /** The least delayed of the units of the open piece, of the last `SIDE` of them. */
  #least = 0;
  #leastMs = 0;
  /** The first unit of the open piece, and the least delay of its first few and of those before it. */
  #first = 0;
  #fromMs = 0;
  #firstReceivedMs = 0;
  #afterMs = 0;
  #beforeMs: number | undefined;
  /** The open piece's samples, and the one that is not known yet. */
  #samples: number[] = [];
  #sampleEndsMs = 0;
  #sampleMediaMs = 0;
  #sampleReceivedMs = 0;

  /** In the order of sequence numbers. */
  add(mediaMs: number, receivedMs: number): void {
    this.#batch[this.#waiting++] = mediaMs;
    this.#batch[this.#waiting++] = receivedMs;
    if (this.#waiting === BATCH) this.#takeBatch();
  }

  /** No more packets come. */
  pieces(): readonly DelayPiece[] {
    this.#takeBatch();
    while (this.#settled < this.#units) this.#settle();
    this.#close();
    return this.#pieces;
  }

  #takeBatch(): void {
    const batch = this.#batch;
    for (let at = 0; at < this.#waiting; at += 2) this.#take(batch[at] as number, batch[at + 1] as number);
    this.#waiting = 0;
  }

  #take(mediaMs: number, receivedMs: number): void {
    const received = this.#received;
    if (mediaMs !== this.#mediaMs) {
      if (this.#units - this.#settled > SIDE) this.#settle();
      const unit = this.#units++ & RING;
      this.#mediaMs = mediaMs;
      this.#media[unit] = mediaMs;
      received[unit] = Number.POSITIVE_INFINITY;
    }
    for (let at = this.#units - 1; at >= this.#settled && (received[at & RING] as number) > receivedMs; at--)
      received[at & RING] = receivedMs;
  }

  /** Gives the next unit its place: `SIDE` are known behind it, as far as there are any. */
  #settle(): void {
    const at = this.#settled;
    const mediaMs = this.#media[at & RING] as number;
    const receivedMs = this.#received[at & RING] as number;
    const delayMs = receivedMs - mediaMs;
    if (at === 0 || this.#isSilentBefore(at) || this.#isStep(at, delayMs)) {
      this.#close();
      this.#begin(at, mediaMs, receivedMs);
    } else {
      if (at - this.#first < SIDE && delayMs < this.#afterMs) this.#afterMs = delayMs;
      this.#sample(mediaMs, receivedMs, delayMs);
      if (delayMs <= this.#leastMs) {
        this.#least = at;
        this.#leastMs = delayMs;
      } else if (this.#least <= at - SIDE) {
        this.#least = this.#leastOf(at + 1 - SIDE, at + 1);
        this.#leastMs = this.#delayOf(this.#least);
      }
    }
    this.#settled = at + 1;
  }

  #isSilentBefore(at: number): boolean {
    const received = this.#received;
    return (received[at & RING] as number) - (received[(at - 1) & RING] as number) > SILENCE_MS;
  }

  /** A few units of the open piece say what a step is to be measured against. */
  #isStep(at: number, delayMs: number): boolean {
    const shownMs = delayMs - this.#leastMs;
    if (Math.abs(shownMs) < LEAST_STEP_MS || at - this.#first < WITNESSES) return false;
    const after = this.#leastOf(at, Math.min(at + SIDE, this.#units));
    const stepMs = this.#delayOf(after) - this.#leastMs;
    return shownMs < 0 ? stepMs <= -LEAST_STEP_MS : stepMs >= LEAST_STEP_MS;
  }

  /** The last of the least delayed units of these. */
  #leastOf(from: number, to: number): number {
    let least = from;
    let leastMs = this.#delayOf(from);
    for (let at = from + 1; at < to; at++) {
      const delayMs = this.#delayOf(at);
      if (delayMs > leastMs) continue;
      least = at;
      leastMs = delayMs;
    }
    return least;
  }

  #delayOf(unit: number): number {
    return (this.#received[unit & RING] as number) - (this.#media[unit & RING] as number);
  }

  #begin(at: number, mediaMs: number, receivedMs: number): void {
    this.#beforeMs = at === 0 ? undefined : this.#leastMs;
    this.#first = at;
    this.#fromMs = mediaMs;
    this.#firstReceivedMs = receivedMs;
    this.#least = at;
    this.#leastMs = receivedMs - mediaMs;
    this.#afterMs = this.#leastMs;
    this.#samples = [];
    this.#sampleEndsMs = mediaMs + SAMPLE_MS;
    this.#sampleMediaMs = mediaMs;
    this.#sampleReceivedMs = receivedMs;
  }

  #sample(mediaMs: number, receivedMs: number, delayMs: number): void {
    if (mediaMs >= this.#sampleEndsMs) {
      this.#samples.push(this.#sampleMediaMs, this.#sampleReceivedMs);
      this.#sampleEndsMs = mediaMs + SAMPLE_MS;
    } else if (delayMs >= this.#sampleReceivedMs - this.#sampleMediaMs) return;
    this.#sampleMediaMs = mediaMs;
    this.#sampleReceivedMs = receivedMs;
  }

  /** What is not settled yet is not of the piece. */
  #close(): void {
    if (this.#settled === 0) return;
    const last = (this.#settled - 1) & RING;
    this.#samples.push(this.#sampleMediaMs, this.#sampleReceivedMs);
    this.#pieces.push({
      fromMs: this.#fromMs,
      toMs: this.#media[last] as number,
      firstReceivedMs: this.#firstReceivedMs,
      lastReceivedMs: this.#received[last] as number,
      samples: new Float64Array(this.#samples),
      stepMs: this.#beforeMs === undefined ? undefined : this.#afterMs - this.#beforeMs,
    });
  }
}
