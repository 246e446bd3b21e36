import type { Arrival } from './arrival.ts';
import { unwrapTimestamp } from './unwrap.ts';

export interface RunClockOptions {
  readonly clockRate: number;
  /** How far RTP time and receive time may differ from one packet to the next. */
  readonly jumpMs: number;
  /** How far a timestamp may lie before the one before it: pictures are sent in the order of decoding. */
  readonly backMs: number;
  /** How much longer a packet that took a detour may have taken. */
  readonly windowMs: number;
}

/**
 * RTP time against receive time. The *anchor* is the last packet that took no detour. A large frame may take seconds to
 * arrive (1.4 s were seen), all under one timestamp: what comes next may fit any moment of it.
 */
export class RunClock {
  readonly #ticksPerMs: number;
  readonly #jumpMs: number;
  readonly #backMs: number;
  readonly #windowMs: number;
  #ticks = 0;
  #anchorTicks = 0;
  /** Receive times of the first and the last packet in a row with that timestamp. */
  #anchorFirstMs = 0;
  #anchorMs = 0;

  constructor({ clockRate, jumpMs, backMs, windowMs }: RunClockOptions) {
    this.#ticksPerMs = clockRate / 1000;
    this.#jumpMs = jumpMs;
    this.#backMs = backMs;
    this.#windowMs = windowMs;
  }

  /** Of the packet given out last. */
  get ticks(): number {
    return this.#ticks;
  }
  get anchorMs(): number {
    return this.#anchorMs;
  }

  unwrap(timestamp: number): number {
    return unwrapTimestamp(this.#ticks, timestamp);
  }

  /** Begins anew with the first packet of a run. */
  restart(ticks: number, receivedMs: number): void {
    this.#anchorTicks = ticks;
    this.#anchorFirstMs = receivedMs;
    this.#anchorMs = receivedMs;
  }

  /** A packet is given out. */
  advance(ticks: number, { receivedMs, detoured }: Arrival): void {
    this.#ticks = ticks;
    if (detoured) return;
    if (ticks !== this.#anchorTicks) this.#anchorFirstMs = receivedMs;
    this.#anchorTicks = ticks;
    this.#anchorMs = receivedMs;
  }

  /** Whether RTP time went on about as long as receive time did since the anchor. */
  fits(ticks: number, arrival: Arrival): boolean {
    return this.#fits(ticks - this.#anchorTicks, this.#anchorFirstMs, this.#anchorMs, arrival);
  }

  /** The same since a packet that was received at `sinceMs`, `distance` ticks before. */
  fitsSince(sinceMs: number, distance: number, arrival: Arrival): boolean {
    return this.#fits(distance, sinceMs, sinceMs, arrival);
  }

  /** Whether a distance is one that a run may step over. */
  isStep(distance: number): boolean {
    return Math.abs(distance) <= this.#jumpMs * this.#ticksPerMs;
  }

  /** Ticks behind the anchor. */
  sinceAnchor(ticks: number): number {
    return ticks - this.#anchorTicks;
  }

  /** Counted from some time in firstMs..lastMs. */
  #fits(distance: number, firstMs: number, lastMs: number, { receivedMs, detoured }: Arrival): boolean {
    const stepMs = distance / this.#ticksPerMs;
    const tolerance = detoured ? this.#jumpMs + this.#windowMs : this.#jumpMs;
    if (stepMs < -this.#backMs) return false;
    return stepMs - (receivedMs - firstMs) <= tolerance && stepMs - (receivedMs - lastMs) >= -tolerance;
  }
}
