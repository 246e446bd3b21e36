import type { CodedFrame } from '@rawreel/rtp';
import type { Boundary } from '../time/track-runs.ts';
import { RecentLoudness } from './recent-loudness.ts';

/**
 * From this share of a packet on a quiet place is waited for. More than half: one packet more or less then leaves less
 * behind than called for it, so the next take-up is the clock's doing and not the answer to this one.
 */
const WAITING_SHARE = 0.6;

/** From this share of a packet on there is no waiting: what drift adds from one packet to the next fits into the rest. */
const URGENT_SHARE = 0.9;

/**
 * What a packet is to the one before it, by the ticks of the sender's own clock:
 * `next` follows without a gap, whatever the call clock says; `later` leaves ticks out; `apart` is what cannot be
 * measured in ticks (another run) or has departed further than drift could: a gap or an overlap of two recordings.
 */
export type Link = 'next' | 'later' | 'apart';

/** `add` goes in before the packet. */
export type TakeUp = 'none' | 'leave-out' | 'add';

/**
 * Takes up the drift of a sound card. A card that runs fast makes more samples than there is time, so that the end of
 * the decoder's samples departs from the call clock packet by packet. Before that is a whole packet, one packet is left
 * out, or added for a card that runs slow: at the next quiet place once the departure is worth a packet, and wherever it
 * is when none came.
 *
 * Departures are in samples at 48 kHz: positive where samples are missing. All packets have a duration.
 */
export class DriftTakeUp {
  readonly #loudness = new RecentLoudness();
  #previous: CodedFrame | undefined;
  /** Samples of the last packet that was written. */
  #written = 0;
  #packetsLeftOut = 0;
  #packetsAdded = 0;

  linkOf(frame: CodedFrame, departure: number, boundary: Boundary): Link {
    const previous = this.#previous;
    if (previous === undefined || boundary !== 'none' || previous.run !== frame.run) return 'apart';
    const gap = frame.rtpTicks - previous.rtpTicks - durationOf(previous);
    // A longer packet before this one may have left behind up to its own duration.
    if (gap < 0 || Math.abs(departure) > Math.max(this.#written, durationOf(frame))) return 'apart';
    return gap === 0 ? 'next' : 'later';
  }

  takeUpAt(frame: CodedFrame, departure: number): TakeUp {
    const packets = Math.abs(departure) / durationOf(frame);
    if (packets < WAITING_SHARE || (packets < URGENT_SHARE && !this.#isQuietBefore(frame))) return 'none';
    return departure < 0 ? 'leave-out' : 'add';
  }

  /** The packet was written. */
  pass(frame: CodedFrame): void {
    this.#written = durationOf(frame);
    this.#see(frame);
  }

  /** The packet was not written, and the next is measured from it all the same. */
  leaveOut(frame: CodedFrame): void {
    this.#packetsLeftOut++;
    this.#see(frame);
  }

  /** So much was added before the packet, counted in packets like it. */
  add(packets: number): void {
    this.#packetsAdded += Math.round(packets);
  }

  /** Nothing that comes can be measured from what was. */
  interrupt(): void {
    this.#previous = undefined;
  }

  get summary() {
    return { packetsLeftOut: this.#packetsLeftOut, packetsAdded: this.#packetsAdded };
  }

  /**
   * Quiet on both sides: a decoder makes an added packet of what was before it, and takes what comes after it for a
   * change of that (libopus swallowed the first packet of a beep behind an added one).
   */
  #isQuietBefore(frame: CodedFrame): boolean {
    const previous = this.#previous;
    return previous !== undefined && this.#loudness.isQuiet(frame) && this.#loudness.isQuiet(previous);
  }

  #see(frame: CodedFrame): void {
    this.#loudness.remember(frame);
    this.#previous = frame;
  }
}

const durationOf = (frame: CodedFrame): number => frame.durationTicks ?? 0;
