import { opusDurationTicks } from '@rawreel/rtp';
import { type MixPacket, type SampleRate, TICKS_PER_MS } from './mix-source.ts';
import type { PacketQueue } from './packet-queue.ts';

/** In this time a decoder comes to rest, and to itself (RFC 7845 §4.6). */
export const RUN_UP = 80 * TICKS_PER_MS;

/** RFC 6464 §3: digital silence. */
const SILENT_LEVEL = 127;

/** −80 dBFS: what SILK makes of nothing is a step or two of 16 bits. */
const LOUDEST = 1e-4;

/** So long is not decoded at a stretch: a packet in between tells whether it is silence still. */
const UNSEEN = 400 * TICKS_PER_MS;

/**
 * Finds packets that need no decoder: the sender says that they hold digital silence (RFC 6464 §3, level 127), what came
 * before them was decoded to silence, and as much silence follows as the decoder needs to come to itself. Somebody who is
 * muted costs next to nothing then, and what is heard differs by less than −90 dBFS.
 *
 * A sender that says so of what is heard is not believed any more. Where it speaks, its packets are larger than those of
 * silence; where all are equally large, one that is decoded in between says otherwise.
 */
export class DigitalSilence {
  #isBelieved = true;
  /** Ticks of packets that are said to be silent, one after the other. */
  #said = 0;
  /** Of these, those that were decoded to silence, and the largest of their packets. */
  #ticks = 0;
  #largestBytes = 0;
  /** Ticks since the last packet that was decoded. */
  #unseen = 0;

  /** A packet has been decoded; what came of it. */
  decoded(packet: MixPacket, channels: readonly Float32Array[]): void {
    this.#unseen = 0;
    if (packet.level !== SILENT_LEVEL) {
      this.end();
      return;
    }
    const ticks = channels.length === 0 ? 0 : ticksOf(packet);
    if (channels.some((channel) => channel.some(isHeard))) {
      // What a decoder has in it from before silence began is heard for a moment.
      if (this.#said >= RUN_UP) this.#isBelieved = false;
      this.#ticks = 0;
    } else {
      this.#ticks += ticks;
      this.#largestBytes = Math.max(this.#largestBytes, packet.bytes.length);
    }
    this.#said += ticks;
  }

  /** A packet has not been decoded. */
  skipped(packet: MixPacket): void {
    this.#said += ticksOf(packet);
    this.#unseen += ticksOf(packet);
  }

  /** What comes next has another decoder, or follows something else. */
  end(): void {
    this.#said = 0;
    this.#ticks = 0;
    this.#largestBytes = 0;
  }

  /** Whether it may be that packets need no decoder: whether it is worth looking ahead. */
  get isKnown(): boolean {
    return this.#isBelieved && this.#ticks >= RUN_UP && this.#unseen < UNSEEN;
  }

  /** Whether the next packet needs none. */
  async goesOn(queue: PacketQueue): Promise<boolean> {
    let ticks = 0;
    for (let ahead = 0; ; ahead++) {
      if (!queue.knows(ahead + 1)) await queue.read(ahead + 1);
      const packet = queue.peek(ahead);
      if (packet === undefined || !this.#isOfIt(packet)) return false;
      // The next one itself does not count.
      if (ahead > 0) ticks += ticksOf(packet);
      if (ticks >= RUN_UP) return true;
    }
  }

  /** A loss is concealed by a decoder that has heard what was before it. */
  #isOfIt({ level, continues, lossBefore, bytes }: MixPacket): boolean {
    return level === SILENT_LEVEL && continues && lossBefore === 0 && bytes.length <= this.#largestBytes;
  }
}

const isHeard = (sample: number): boolean => Math.abs(sample) > LOUDEST;

/** Of the longest packet. */
const NOTHING = new Float32Array(120 * TICKS_PER_MS);

/** What is heard instead of a packet, as many samples as it has. */
export const silenceOf = (packet: MixPacket, channels: number, rate: SampleRate): readonly Float32Array[] =>
  Array.from({ length: channels }, () => NOTHING.subarray(0, (ticksOf(packet) * rate) / TICK_RATE));

const TICK_RATE = 1000 * TICKS_PER_MS;

/** How long a packet lasts; none where it breaks the rules. */
export const ticksOf = ({ bytes }: MixPacket): number => opusDurationTicks(bytes) ?? 0;
