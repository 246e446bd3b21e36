import type { RtpPacket } from '../packet/rtp-packet.ts';
import type { Arrival } from './arrival.ts';
import type { StreamStatistics } from './statistics.ts';
import { MAX_DROPOUT, sequenceDistance, timestampDistance, unwrapSequence } from './unwrap.ts';
import type { Waiting } from './waiting-packets.ts';

/**
 * The sequence numbers of one epoch, unwrapped.
 *
 * In **order** while steps are within ±3000. A packet outside of that, or behind in sequence but ahead in time, is
 * **questioned**: the next one confirms it, and the numbers begin anew with both, or does not: it was a freak, malformed.
 */
export class SequenceSpace {
  readonly #ticksPerMs: number;
  readonly #statistics: StreamStatistics;
  #highest: number | undefined;
  #highestTimestamp = 0;
  #questioned: Waiting | undefined;

  constructor(clockRate: number, statistics: StreamStatistics) {
    this.#ticksPerMs = clockRate / 1000;
    this.#statistics = statistics;
  }

  /** The highest number so far; undefined before the first packet. */
  get highest(): number | undefined {
    return this.#highest;
  }

  /** By how much a timestamp is ahead of that of the packet with the highest number. */
  msAhead(timestamp: number): number {
    return timestampDistance(this.#highestTimestamp, timestamp) / this.#ticksPerMs;
  }

  /**
   * The unwrapped sequence number of a packet, or undefined where it makes no sense.
   *
   * @param next the lowest number that still gets a place
   */
  locate(packet: RtpPacket, next: number | undefined): number | undefined {
    const highest = this.#highest;
    if (highest === undefined) return packet.sequence;
    const sequence = unwrapSequence(highest, packet.sequence);
    const step = sequence - highest;
    if (step > MAX_DROPOUT || step < -MAX_DROPOUT) return undefined;
    // What is too late to be put in place was sent before the newest packet. If its timestamp says that it was sent
    // afterwards, then the numbers have started anew, a little below where they were.
    const late = next !== undefined && sequence < next;
    return late && this.msAhead(packet.timestamp) > 0 ? undefined : sequence;
  }

  /** Call for each packet that is located. @returns whether one with a higher number came before it */
  advance({ sequence, timestamp, payload }: Arrival): boolean {
    const highest = this.#highest;
    if (highest !== undefined && sequence <= highest) return sequence < highest;
    this.#highest = sequence;
    // Padding may carry any timestamp.
    if (payload !== undefined || highest === undefined) this.#highestTimestamp = timestamp;
    return false;
  }

  /**
   * Questions a packet that `locate` has no place for.
   *
   * @returns the one questioned before, if this one confirms it: both begin a new epoch
   */
  question(packet: RtpPacket, receivedMs: number): Waiting | undefined {
    const before = this.#questioned;
    this.#questioned = { packet, receivedMs };
    if (before === undefined) return undefined;
    const step = sequenceDistance(before.packet.sequence, packet.sequence);
    if (step === 0 || Math.abs(step) > MAX_DROPOUT) {
      this.#statistics.malformed++;
      return undefined;
    }
    this.#questioned = undefined;
    return before;
  }

  /** The numbers go on as before: a questioned packet was a freak. */
  dismiss(): void {
    if (this.#questioned === undefined) return;
    this.#questioned = undefined;
    this.#statistics.malformed++;
  }

  restart(): void {
    this.dismiss();
    this.#highest = undefined;
  }
}
