import { opusDurationTicks } from '@rawreel/rtp';
import { type MixPacket, SAMPLES_PER_MS } from './mix-source.ts';
import type { PacketQueue } from './packet-queue.ts';

/** In this time a decoder comes to rest, and to itself (RFC 7845 §4.6). */
const RUN_UP = 80 * SAMPLES_PER_MS;

/** −80 dBFS: what SILK makes of nothing is a step or two of 16 bits. */
const LOUDEST = 1e-4;

/**
 * Finds packets that need no decoder: the sender says that they hold digital silence (RFC 6464 §3, level 127), what came
 * before them was decoded to silence, and as much silence follows as the decoder needs to come to itself. Somebody who is
 * muted costs next to nothing then, and what is heard differs by less than −90 dBFS.
 *
 * A sender that says so of everything is not believed: where it speaks, its packets are larger than those of silence, or
 * the ones that are decoded say otherwise.
 */
export class DigitalSilence {
  /** Samples that were decoded to silence, one after the other, and the largest of their packets. */
  #samples = 0;
  #largestBytes = 0;

  /** A packet has been decoded; what came of it. */
  decoded(packet: MixPacket, channels: readonly Float32Array[]): void {
    if (packet.isSilent !== true || channels.some((channel) => channel.some(isHeard))) {
      this.end();
    } else {
      this.#samples += channels[0]?.length ?? 0;
      this.#largestBytes = Math.max(this.#largestBytes, packet.bytes.length);
    }
  }

  /** What comes next has another decoder, or follows something else. */
  end(): void {
    this.#samples = 0;
    this.#largestBytes = 0;
  }

  /** Whether it may be that packets need no decoder: whether it is worth looking ahead. */
  get isKnown(): boolean {
    return this.#samples >= RUN_UP;
  }

  /** Whether the next packet needs none. */
  async goesOn(queue: PacketQueue): Promise<boolean> {
    let samples = 0;
    for (let ahead = 0; ; ahead++) {
      if (!queue.knows(ahead + 1)) await queue.read(ahead + 1);
      const packet = queue.peek(ahead);
      if (packet === undefined || !this.#isOfIt(packet)) return false;
      // The next one itself does not count.
      if (ahead > 0) samples += opusDurationTicks(packet.bytes) ?? 0;
      if (samples >= RUN_UP) return true;
    }
  }

  /** A loss is concealed by a decoder that has heard what was before it. */
  #isOfIt({ isSilent, continues, lossBefore, bytes }: MixPacket): boolean {
    return isSilent === true && continues && lossBefore === 0 && bytes.length <= this.#largestBytes;
  }
}

const isHeard = (sample: number): boolean => Math.abs(sample) > LOUDEST;

const NOTHING = new Float32Array(120 * SAMPLES_PER_MS);

/** What is heard instead of a packet, as many samples as it has. */
export const silenceOf = ({ bytes }: MixPacket, channels: number): readonly Float32Array[] =>
  Array.from({ length: channels }, () => NOTHING.subarray(0, opusDurationTicks(bytes) ?? 0));
