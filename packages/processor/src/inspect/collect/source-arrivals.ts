import { timestampDistance, unwrapSequence } from '@rawreel/rtp';
import { LossBursts } from './loss-bursts.ts';
import { SECOND, type SecondPlace, type Seconds } from './seconds.ts';

/** How far behind a packet may come and still be taken for one of this stream (RFC 3550 appendix A.1: MAX_DROPOUT is 3000). A power of two. */
const RING = 4096;
const MAX_DROPOUT = 3000;

/** Nothing for so long is a stall: the longest silence of a sender in DTX is 400 ms. */
export const STALL_MS = 500;

const MOST_STALLS = 10_000;

/** Time in which nothing came, ms from the recording's zero. */
export interface Stall {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Packets missing between the two packets around it. */
  readonly lost: number;
  /** How much later the packet behind it came than its timestamp says, after the one before it. */
  readonly heldMs: number;
}

/** Packets of one SSRC as they arrived. */
export interface SourceCounts {
  readonly ssrc: number;
  readonly received: number;
  /** Sequence numbers from the first to the last (RFC 3550 appendix A.3). */
  readonly expected: number;
  /** Those of them that never came by themselves. RFC 3550's own count is less by the duplicates. */
  readonly lost: number;
  readonly duplicate: number;
  readonly reordered: number;
  readonly bytes: number;
  /** Mean and highest of the interarrival jitter, over packets. */
  readonly jitterSumMs: number;
  readonly jitterMaxMs: number;
  readonly jitterLastMs: number;
  readonly deltaMaxMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * What a receiver that follows RFC 3550 would have counted for one SSRC, packet by packet in the order of arrival: extended
 * sequence numbers (appendix A.1), loss (A.3), interarrival jitter (§6.4.1, A.8), time between packets, and stalls.
 */
export class SourceArrivals {
  readonly ssrc: number;
  readonly #ticksPerMs: number;
  readonly #seconds: Seconds;
  readonly bursts = new LossBursts();
  readonly stalls: Stall[] = [];
  /** Arrival of each of the last sequence numbers; NaN: not there. */
  readonly #arrivals = new Float64Array(RING).fill(Number.NaN);
  #base = 0;
  #highest = -1;
  /** A number that does not fit, and would begin the counting anew if its successor came next. */
  #questioned = -1;
  #expected = 0;
  #received = 0;
  #lost = 0;
  #duplicate = 0;
  #reordered = 0;
  #bytes = 0;
  #jitter = 0;
  #jitterSum = 0;
  #jitterMax = 0;
  #deltaMax = 0;
  #firstMs = 0;
  #lastMs = 0;
  #lastTimestamp = 0;
  #settledMs = 0;

  constructor(ssrc: number, clockRate: number, seconds: Seconds) {
    this.ssrc = ssrc;
    this.#ticksPerMs = clockRate / 1000;
    this.#seconds = seconds;
  }

  get received(): number {
    return this.#received;
  }

  /** Whether packets came while another source had a stall. */
  wentOnIn({ fromMs, untilMs }: Stall): boolean {
    const wasSent = this.#firstMs < fromMs && this.#lastMs > untilMs;
    return wasSent && !this.stalls.some((own) => own.fromMs < untilMs && fromMs < own.untilMs);
  }

  /** @param timestamp signed or not @param second of its arrival */
  take(wire: number, timestamp: number, atMs: number, bytes: number, second: SecondPlace): void {
    const isFirst = this.#received === 0;
    const sequence = isFirst ? wire : unwrapSequence(this.#highest, wire);
    const distance = isFirst ? 1 : sequence - this.#highest;
    if (!isFirst && (distance > MAX_DROPOUT || distance < -MAX_DROPOUT)) {
      if (wire !== this.#questioned) {
        this.#questioned = (wire + 1) & 0xffff;
        return;
      }
      this.#restart();
    }
    this.#questioned = -1;
    this.#bytes += bytes;
    this.#seconds.add(second, SECOND.packets, 1);
    this.#time(timestamp, atMs, distance, isFirst, second);
    this.#received++;
    this.#place(this.#highest < 0 ? wire : sequence, atMs);
  }

  finish(): SourceCounts {
    this.#restart();
    return {
      ssrc: this.ssrc,
      received: this.#received,
      expected: this.#expected,
      lost: this.#lost,
      duplicate: this.#duplicate,
      reordered: this.#reordered,
      bytes: this.#bytes,
      jitterSumMs: this.#jitterSum / this.#ticksPerMs,
      jitterMaxMs: this.#jitterMax / this.#ticksPerMs,
      jitterLastMs: this.#jitter / this.#ticksPerMs,
      deltaMaxMs: this.#deltaMax,
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
    };
  }

  /** `J += (|D| - J) / 16` for each packet in the order of arrival, D being how much further two packets are apart than their timestamps. */
  #time(timestamp: number, atMs: number, distance: number, isFirst: boolean, second: SecondPlace): void {
    if (isFirst) this.#firstMs = atMs;
    else {
      const deltaMs = atMs - this.#lastMs;
      const mediaTicks = timestampDistance(this.#lastTimestamp, timestamp);
      const apart = deltaMs * this.#ticksPerMs - mediaTicks;
      this.#jitter += (Math.abs(apart) - this.#jitter) / 16;
      this.#jitterSum += this.#jitter;
      this.#jitterMax = Math.max(this.#jitterMax, this.#jitter);
      this.#deltaMax = Math.max(this.#deltaMax, deltaMs);
      this.#seconds.raise(second, SECOND.jitterMs, this.#jitter / this.#ticksPerMs);
      this.#seconds.raise(second, SECOND.deltaMs, deltaMs);
      if (deltaMs >= STALL_MS && this.stalls.length < MOST_STALLS)
        this.stalls.push({
          fromMs: this.#lastMs,
          untilMs: atMs,
          lost: Math.max(0, distance - 1),
          heldMs: apart / this.#ticksPerMs,
        });
    }
    this.#lastMs = atMs;
    this.#lastTimestamp = timestamp;
  }

  #place(sequence: number, atMs: number): void {
    if (this.#highest < 0) {
      this.#base = sequence;
      this.#highest = sequence;
      this.#arrivals[slot(sequence)] = atMs;
      return;
    }
    // What was sent before the first packet, and overtaken by it, was not known to be missing.
    if (sequence < this.#base) {
      for (let earlier = sequence; earlier < this.#base; earlier++)
        this.#arrivals[slot(earlier)] = Number.NaN;
      this.#base = sequence;
    }
    if (sequence > this.#highest) {
      for (let next = this.#highest + 1; next <= sequence; next++) {
        if (next - RING >= this.#base) this.#settle(next - RING);
        this.#arrivals[slot(next)] = Number.NaN;
      }
      this.#highest = sequence;
    } else if (!Number.isNaN(this.#arrivals[slot(sequence)] ?? Number.NaN)) {
      this.#duplicate++;
      return;
    } else this.#reordered++;
    this.#arrivals[slot(sequence)] = atMs;
  }

  /** Nothing can come any more for a number. */
  #settle(sequence: number): void {
    const atMs = this.#arrivals[slot(sequence)] ?? Number.NaN;
    this.#expected++;
    if (Number.isNaN(atMs)) {
      this.#lost++;
      this.bursts.lost();
      this.#seconds.add(this.#seconds.at(this.#settledMs), SECOND.lost, 1);
    } else {
      this.bursts.received(atMs);
      this.#settledMs = atMs;
    }
  }

  #restart(): void {
    if (this.#highest < 0) return;
    for (let at = Math.max(this.#base, this.#highest - RING + 1); at <= this.#highest; at++) this.#settle(at);
    this.#highest = -1;
  }
}

/** Sequence numbers of the first round may be below 0. */
const slot = (sequence: number): number => sequence & (RING - 1);
