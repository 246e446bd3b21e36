import { RUN_UP, silenceOf, ticksOf } from './digital-silence.ts';
import { fadeIn, fadeOut } from './fades.ts';
import { type MixPacket, type SampleRate, TICKS_PER_MS } from './mix-source.ts';
import type { OpusDecoding } from './opus-decoding.ts';
import type { PacketQueue } from './packet-queue.ts';

/** A gate of one track, as it goes to the thread that decodes it. */
export interface TrackGate {
  /** Packets that the sender calls quieter are not heard (RFC 6464), dBov. */
  readonly dbov: number;
  /** Ticks that were not decoded, and of all packets, in memory that threads share. */
  readonly tally: Float64Array;
}

export const trackGate = (dbov: number): TrackGate => ({
  dbov,
  tally: new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)),
});

/** How much of a track was not decoded, 0 to 1. */
export const gatedShare = ({ tally: [gated = 0, all = 0] }: TrackGate): number =>
  all === 0 ? 0 : gated / all;

/** So much louder than the gate is a packet that its sender calls quieter: coding and an encoder's delay explain less. */
const MARGIN_DB = 6;

/** −80 dBFS: what SILK makes of nothing is a step or two of 16 bits. */
const LEAST_LOUD = 1e-4;

/** So much is decided at once, by the packet of it that is decoded. */
const BLOCK = 400 * TICKS_PER_MS;

/**
 * Leaves out packets that their sender calls quieter than a level. It shuts when 80 ms of them were decoded, and were as
 * quiet as was said, and opens 80 ms before what is heard next, so that the decoder has come to itself.
 *
 * A sender that calls quiet what is loud is not believed any more, and everything of it is decoded. Of each 400 ms that are left
 * out the largest packet, which is the likeliest to be speech, is decoded before they are: what was said there is not lost. Where
 * all are equally large, a first word may be.
 */
export class Gate {
  readonly #gate: TrackGate;
  readonly #channels: 1 | 2;
  readonly #rate: SampleRate;
  readonly #loud: number;
  #isBelieved = true;
  #isShut = false;
  /** Where what was decided ends, ms of the mix. */
  #untilMs = Number.NEGATIVE_INFINITY;
  /** Ticks said to be quiet, one after the other; and of these, the last ones that were. */
  #said = 0;
  #quiet = 0;

  constructor(gate: TrackGate, channels: 1 | 2, rate: SampleRate) {
    this.#gate = gate;
    this.#channels = channels;
    this.#rate = rate;
    this.#loud = Math.max(LEAST_LOUD, 10 ** ((gate.dbov + MARGIN_DB) / 20));
  }

  /** Whether what was heard last is followed by silence of its making. */
  get isShut(): boolean {
    return this.#isShut;
  }

  /** What is heard of the next packet of a queue, which is still in it. */
  async hear(
    packet: MixPacket,
    queue: PacketQueue,
    decoding: OpusDecoding,
  ): Promise<readonly Float32Array[]> {
    const wasShut = this.#isShut;
    if (wasShut) this.#isShut = packet.atMs < this.#untilMs || (await this.#shuts(queue, 0, decoding));
    if (this.#isShut) {
      this.#count(packet, 1);
      return silenceOf(packet, this.#channels, this.#rate);
    }
    const sound = decoding.decode(packet.bytes);
    this.#count(packet, 0);
    this.#judge(packet, sound);
    if (wasShut) fadeIn(sound, this.#rate);
    if (!this.#isBelieved || this.#quiet < RUN_UP) return sound;
    // The samples are lent until something else is decoded.
    const kept = sound.map((channel) => channel.slice());
    this.#isShut = await this.#shuts(queue, 1, decoding);
    if (this.#isShut) fadeOut(kept, this.#rate);
    return kept;
  }

  /** What comes next has another decoder. */
  end(): void {
    this.#isShut = false;
    this.#said = 0;
    this.#quiet = 0;
  }

  #count(packet: MixPacket, share: 0 | 1): void {
    const { tally } = this.#gate;
    const ticks = ticksOf(packet);
    tally[0] = (tally[0] ?? 0) + share * ticks;
    tally[1] = (tally[1] ?? 0) + ticks;
  }

  #judge(packet: MixPacket, sound: readonly Float32Array[]): void {
    if (!this.#isSaidQuiet(packet)) {
      this.#said = 0;
      this.#quiet = 0;
      return;
    }
    const ticks = ticksOf(packet);
    if (this.#isLoud(sound)) {
      // What a decoder has in it from before is heard for a moment.
      if (this.#said >= RUN_UP) this.#isBelieved = false;
      this.#quiet = 0;
    } else this.#quiet += ticks;
    this.#said += ticks;
  }

  /** Decides of the packets from `first` on whether they are left out, and until when. */
  async #shuts(queue: PacketQueue, first: number, decoding: OpusDecoding): Promise<boolean> {
    const packets = this.#isBelieved ? await this.#leftOut(queue, first) : [];
    if (packets.length === 0) return false;
    if (this.#isLoud(decoding.decode(largestOf(packets)))) {
      this.#isBelieved = false;
      return false;
    }
    this.#untilMs = queue.peek(first + packets.length)?.atMs ?? Number.POSITIVE_INFINITY;
    this.#said = 0;
    this.#quiet = 0;
    return true;
  }

  /** Those that may be left out: all but the last 80 ms before something that the same decoder is to make heard. */
  async #leftOut(queue: PacketQueue, first: number): Promise<readonly MixPacket[]> {
    const quiet: MixPacket[] = [];
    let ticks = 0;
    while (ticks < BLOCK + RUN_UP) {
      const ahead = first + quiet.length;
      if (!queue.knows(ahead + 1)) await queue.read(ahead + 1);
      const packet = queue.peek(ahead);
      if (packet?.continues !== true) return quiet;
      const duration = ticksOf(packet);
      if (duration === 0 || !this.#isSaidQuiet(packet)) break;
      quiet.push(packet);
      ticks += duration;
    }
    return quiet.filter((packet) => {
      ticks -= ticksOf(packet);
      return ticks >= RUN_UP;
    });
  }

  #isSaidQuiet({ level }: MixPacket): boolean {
    return level !== undefined && -level < this.#gate.dbov;
  }

  #isLoud(sound: readonly Float32Array[]): boolean {
    return sound.some((channel) => {
      let sum = 0;
      for (const sample of channel) sum += sample * sample;
      return sum > channel.length * this.#loud ** 2;
    });
  }
}

/** The last of those that are equally large: what goes on into what is decided next has begun by then. */
const largestOf = (packets: readonly MixPacket[]): Uint8Array =>
  packets.reduce<Uint8Array>(
    (largest, { bytes }) => (bytes.length >= largest.length ? bytes : largest),
    new Uint8Array(),
  );
