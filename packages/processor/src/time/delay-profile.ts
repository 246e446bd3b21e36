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
  /** The least delayed packet of each second: its media time, then its receive time. Flat, as a day has 86,400. */
  readonly samples: Float64Array;
  /**
   * By how much the least delay of the packets from its beginning on is more than that of those before; undefined of the first.
   */
  readonly stepMs: number | undefined;
}

/** Packets on each side of a place that must show a step: jitter of single packets is none. Pictures are rarer. */
const WITNESSES = { audio: 15, video: 5 };

/** What jitter makes of the least delays of a few packets. */
export const JITTER_MS = 15;

/** A step that can be seen at all; a stall of 60 ms can under 20 ms of jitter. */
export const LEAST_STEP_MS = 25;

/** Nothing came for so long: the clock may have stood, and reports are guesses. Chromium sends a packet every 400 ms of DTX. */
export const SILENCE_MS = 600;

const SAMPLE_MS = 1000;

/** The last units, as far as one that has yet to settle looks back and ahead: a power of two. */
const RING = 64;

/**
 * Sums up when the packets of one run came: the least delayed of each second, and the places where what came after is later, or
 * earlier, than what came before. Packets of one timestamp are one unit, which has come with its first. What overtook another
 * says more of it than its own time: a packet was sent no later than any behind it came.
 */
export class DelayProfile {
  readonly #witnesses: number;
  readonly #pieces: DelayPiece[] = [];
  /** In rings: unit `n` is at `n % RING`. Those before `#settled` have their place in a piece. */
  readonly #media = new Float64Array(RING);
  readonly #received = new Float64Array(RING);
  #units = 0;
  #settled = 0;
  /** The least delayed of the units of the open piece, of the last `#witnesses` of them. */
  #leastBefore = 0;
  #open: OpenPiece | undefined;
  /** A unit that may have more packets. */
  #currentMediaMs = Number.NaN;
  #currentReceivedMs = 0;

  constructor(kind: 'audio' | 'video') {
    this.#witnesses = WITNESSES[kind];
  }

  /** In the order of sequence numbers. */
  add(mediaMs: number, receivedMs: number): void {
    if (mediaMs === this.#currentMediaMs) {
      if (receivedMs < this.#currentReceivedMs) this.#currentReceivedMs = receivedMs;
      return;
    }
    this.#push();
    this.#currentMediaMs = mediaMs;
    this.#currentReceivedMs = receivedMs;
  }

  pieces(): readonly DelayPiece[] {
    this.#push();
    this.#currentMediaMs = Number.NaN;
    while (this.#settled < this.#units) this.#settle();
    this.#close();
    return this.#pieces;
  }

  #push(): void {
    const mediaMs = this.#currentMediaMs;
    if (Number.isNaN(mediaMs)) return;
    const receivedMs = this.#currentReceivedMs;
    const received = this.#received;
    for (let at = this.#units - 1; at >= this.#settled && (received[at % RING] as number) > receivedMs; at--)
      received[at % RING] = receivedMs;
    this.#media[this.#units % RING] = mediaMs;
    received[this.#units % RING] = receivedMs;
    this.#units++;
    if (this.#units - this.#settled > this.#witnesses) this.#settle();
  }

  /** Gives the next unit its place: `#witnesses` are known behind it, as far as there are any. */
  #settle(): void {
    const at = this.#settled++;
    const mediaMs = this.#media[at % RING] as number;
    const receivedMs = this.#received[at % RING] as number;
    const beforeMs = at === 0 ? undefined : this.#delayOf(this.#leastBefore);
    const isSilent = at > 0 && receivedMs - (this.#received[(at - 1) % RING] as number) > SILENCE_MS;
    if (beforeMs === undefined || isSilent || this.#isStep(at, beforeMs)) {
      this.#close();
      this.#open = new OpenPiece(mediaMs, receivedMs, this.#witnesses, beforeMs);
      this.#leastBefore = at;
      return;
    }
    this.#open?.add(mediaMs, receivedMs);
    if (this.#leastBefore <= at - this.#witnesses)
      this.#leastBefore = this.#leastOf(at + 1 - this.#witnesses, at + 1);
    else if (this.#delayOf(at) <= this.#delayOf(this.#leastBefore)) this.#leastBefore = at;
  }

  #isStep(at: number, beforeMs: number): boolean {
    const shownMs = this.#delayOf(at) - beforeMs;
    if ((shownMs > -JITTER_MS && shownMs < LEAST_STEP_MS) || this.#open?.isKnown === false) return false;
    const after = this.#leastOf(at, Math.min(at + this.#witnesses, this.#units));
    const stepMs = this.#delayOf(after) - beforeMs;
    return shownMs < 0 ? stepMs <= -LEAST_STEP_MS : stepMs >= LEAST_STEP_MS;
  }

  /** The last of the least delayed units of these. */
  #leastOf(from: number, to: number): number {
    let least = Math.max(0, from);
    for (let at = least + 1; at < to; at++) if (this.#delayOf(at) <= this.#delayOf(least)) least = at;
    return least;
  }

  #delayOf(unit: number): number {
    return (this.#received[unit % RING] as number) - (this.#media[unit % RING] as number);
  }

  #close(): void {
    if (this.#open !== undefined) this.#pieces.push(this.#open.closed());
    this.#open = undefined;
  }
}

class OpenPiece {
  readonly #witnesses: number;
  /** The least delay before it. */
  readonly #beforeMs: number | undefined;
  readonly #firstMediaMs: number;
  readonly #firstReceivedMs: number;
  #lastMediaMs: number;
  #lastReceivedMs: number;
  #leastMediaMs: number;
  #leastReceivedMs: number;
  /** Of its first few. */
  #leastDelayMs: number;
  #mostDelayMs: number;
  #secondEndsMs: number;
  readonly #samples: number[] = [];
  #units = 1;

  constructor(mediaMs: number, receivedMs: number, witnesses: number, beforeMs: number | undefined) {
    this.#witnesses = witnesses;
    this.#beforeMs = beforeMs;
    this.#firstMediaMs = mediaMs;
    this.#firstReceivedMs = receivedMs;
    this.#lastMediaMs = mediaMs;
    this.#lastReceivedMs = receivedMs;
    this.#leastMediaMs = mediaMs;
    this.#leastReceivedMs = receivedMs;
    this.#leastDelayMs = receivedMs - mediaMs;
    this.#mostDelayMs = this.#leastDelayMs;
    this.#secondEndsMs = mediaMs + SAMPLE_MS;
  }

  /** Whether it says what a step is to be measured against: a few packets do that are no burst and no queue. */
  get isKnown(): boolean {
    if (this.#units >= this.#witnesses) return true;
    return this.#units >= WITNESSES.video && this.#mostDelayMs - this.#leastDelayMs < JITTER_MS;
  }

  add(mediaMs: number, receivedMs: number): void {
    this.#lastMediaMs = mediaMs;
    this.#lastReceivedMs = receivedMs;
    const delayMs = receivedMs - mediaMs;
    if (this.#units++ < this.#witnesses) {
      if (delayMs < this.#leastDelayMs) this.#leastDelayMs = delayMs;
      else if (delayMs > this.#mostDelayMs) this.#mostDelayMs = delayMs;
    }
    if (mediaMs >= this.#secondEndsMs) {
      this.#samples.push(this.#leastMediaMs, this.#leastReceivedMs);
      this.#secondEndsMs = mediaMs + SAMPLE_MS;
    } else if (delayMs >= this.#leastReceivedMs - this.#leastMediaMs) return;
    this.#leastMediaMs = mediaMs;
    this.#leastReceivedMs = receivedMs;
  }

  closed(): DelayPiece {
    return {
      fromMs: this.#firstMediaMs,
      toMs: this.#lastMediaMs,
      firstReceivedMs: this.#firstReceivedMs,
      lastReceivedMs: this.#lastReceivedMs,
      samples: Float64Array.from([...this.#samples, this.#leastMediaMs, this.#leastReceivedMs]),
      stepMs: this.#beforeMs === undefined ? undefined : this.#leastDelayMs - this.#beforeMs,
    };
  }
}
