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

/** A step that arrivals can show at all; a stall of 60 ms does under 20 ms of jitter. */
const LEAST_STEP_MS = 25;

/** The packet at the place itself shows as much of it. */
const LEAST_SHOWN_MS = 15;

/** Nothing came for so long: the clock may have stood. Chromium sends a packet every 400 ms of DTX. */
const SILENCE_MS = 600;

const SAMPLE_MS = 1000;

interface Unit extends DelaySample {
  readonly delayMs: number;
}

/**
 * Sums up when the packets of one run came: the least delayed of each second, and the places where what came after is later, or
 * earlier, than what came before. Packets of one timestamp are one unit, which has come with its first. What overtook another
 * says more of it than its own time: a packet was sent no later than any behind it came.
 */
export class DelayProfile {
  readonly #witnesses: number;
  readonly #pieces: DelayPiece[] = [];
  /** The last ones in order; those up to `#settled` have their place in a piece. */
  #units: Unit[] = [];
  #settled = 0;
  #open: OpenPiece | undefined;
  #current: { mediaMs: number; receivedMs: number } | undefined;

  constructor(kind: 'audio' | 'video') {
    this.#witnesses = WITNESSES[kind];
  }

  /** In the order of sequence numbers. */
  add(mediaMs: number, receivedMs: number): void {
    const current = this.#current;
    if (current?.mediaMs === mediaMs) {
      current.receivedMs = Math.min(current.receivedMs, receivedMs);
      return;
    }
    if (current !== undefined) this.#push(current);
    this.#current = { mediaMs, receivedMs };
  }

  pieces(): readonly DelayPiece[] {
    if (this.#current !== undefined) this.#push(this.#current);
    this.#current = undefined;
    while (this.#settled < this.#units.length) this.#settle();
    this.#close();
    return this.#pieces;
  }

  #push({ mediaMs, receivedMs }: DelaySample): void {
    const units = this.#units;
    for (let at = units.length - 1; at >= this.#settled && (units[at]?.receivedMs ?? 0) > receivedMs; at--) {
      const overtaken = units[at]?.mediaMs ?? 0;
      units[at] = { mediaMs: overtaken, receivedMs, delayMs: receivedMs - overtaken };
    }
    units.push({ mediaMs, receivedMs, delayMs: receivedMs - mediaMs });
    if (units.length - this.#settled <= this.#witnesses) return;
    this.#settle();
    const spent = this.#settled - this.#witnesses;
    if (spent < 64) return;
    this.#units = units.slice(spent);
    this.#settled -= spent;
  }

  /** Gives the next unit its place: `#witnesses` are known on both of its sides, as far as there are any. */
  #settle(): void {
    const at = this.#settled++;
    const unit = this.#units[at];
    if (unit === undefined) return;
    const before = this.#units[at - 1];
    const stepMs = this.#open === undefined ? undefined : this.#stepAt(at, unit);
    const isSilent = before !== undefined && unit.receivedMs - before.receivedMs > SILENCE_MS;
    if (this.#open === undefined || stepMs !== undefined || isSilent) {
      this.#close();
      this.#open = new OpenPiece(unit, stepMs ?? (isSilent ? this.#differenceAt(at) : undefined));
    } else this.#open.add(unit);
  }

  #stepAt(at: number, { delayMs }: Unit): number | undefined {
    const stepMs = this.#differenceAt(at);
    if (Math.abs(stepMs) < LEAST_STEP_MS) return undefined;
    const shownMs = delayMs - this.#least(at - this.#witnesses, at);
    return Math.sign(stepMs) * shownMs >= LEAST_SHOWN_MS && this.#isNew() ? stepMs : undefined;
  }

  /** A step is seen from every packet near it: the first one has it, and those right behind tell of the same. */
  #isNew(): boolean {
    return this.#open?.stepMs === undefined || this.#open.units >= this.#witnesses;
  }

  #differenceAt(at: number): number {
    return this.#least(at, at + this.#witnesses) - this.#least(at - this.#witnesses, at);
  }

  #least(from: number, to: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let index = Math.max(0, from); index < Math.min(to, this.#units.length); index++)
      least = Math.min(least, this.#units[index]?.delayMs ?? least);
    return least;
  }

  #close(): void {
    if (this.#open !== undefined) this.#pieces.push(this.#open.closed());
    this.#open = undefined;
  }
}

class OpenPiece {
  readonly stepMs: number | undefined;
  readonly #first: Unit;
  #last: Unit;
  #least: Unit;
  #secondEndsMs: number;
  readonly #samples: number[] = [];
  units = 1;

  constructor(first: Unit, stepMs: number | undefined) {
    this.stepMs = stepMs;
    this.#first = first;
    this.#last = first;
    this.#least = first;
    this.#secondEndsMs = first.mediaMs + SAMPLE_MS;
  }

  add(unit: Unit): void {
    this.units++;
    this.#last = unit;
    if (unit.mediaMs >= this.#secondEndsMs) {
      this.#samples.push(this.#least.mediaMs, this.#least.receivedMs);
      this.#secondEndsMs = unit.mediaMs + SAMPLE_MS;
      this.#least = unit;
    } else if (unit.delayMs < this.#least.delayMs) this.#least = unit;
  }

  closed(): DelayPiece {
    return {
      fromMs: this.#first.mediaMs,
      toMs: this.#last.mediaMs,
      firstReceivedMs: this.#first.receivedMs,
      lastReceivedMs: this.#last.receivedMs,
      samples: Float64Array.from([...this.#samples, this.#least.mediaMs, this.#least.receivedMs]),
      stepMs: this.stepMs,
    };
  }
}
