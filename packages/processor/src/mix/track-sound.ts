import { type OpusFiller, opusConcealment } from '@rawreel/rtp';
import { LEAST_PAUSE_MS, refreshLength } from './comfort-noise.ts';
import { DigitalSilence, silenceOf, ticksOf } from './digital-silence.ts';
import { fadeIn, fadeOut } from './fades.ts';
import { Gate, type TrackGate } from './gate.ts';
import { type MixPacket, SAMPLE_RATE, type SampleRate, type Sound, TICKS_PER_MS } from './mix-source.ts';
import { type OpusDecoding, openDecoding } from './opus-decoding.ts';
import { PacketQueue } from './packet-queue.ts';
import { Resampler } from './resampler.ts';

/** Packets of one stream that are this near to where the one before ended follow it without a seam: timestamps are that exact. */
const SEAM_MS = 1;

/** The longest loss that concealment bridges without sounding made up; what is beyond is silence. */
const LONGEST_CONCEALMENT_MS = 200;

/** A clock that departs by more than this is no clock: its packets are then laid one by one where they belong. */
const LARGEST_DRIFT = 0.1;

/** Takes sound in its place; the samples are lent until it returns. */
export type TakeSound = (sound: Sound) => void;

export interface TrackSoundOptions {
  readonly channels: 1 | 2;
  /** Sample before which nothing need be read. */
  readonly firstAt: number;
  /** Default: 48 000. */
  readonly sampleRate?: SampleRate | undefined;
  readonly gate?: TrackGate | undefined;
}

/** One track's packets → its sound on the mix's grid. What was not sent is not decoded: silence costs nothing. */
export class TrackSound {
  readonly #queue: PacketQueue;
  readonly #channels: 1 | 2;
  readonly #firstAt: number;
  readonly #rate: SampleRate;
  readonly #perMs: number;
  readonly #seam: number;
  readonly #resampler: Resampler;
  readonly #gate: Gate | undefined;
  /** Where there is no gate. */
  readonly #silence = new DigitalSilence();
  #decoding: OpusDecoding | undefined;
  #isFlowing = false;
  #take: TakeSound = () => undefined;
  /** End of the window. */
  #to = 0;
  /** What reaches beyond the window. */
  #carried: Sound[] = [];

  constructor(
    batches: AsyncGenerator<readonly MixPacket[], void>,
    { channels, firstAt, sampleRate = SAMPLE_RATE, gate }: TrackSoundOptions,
  ) {
    this.#queue = new PacketQueue(batches);
    this.#channels = channels;
    this.#firstAt = firstAt;
    this.#rate = sampleRate;
    this.#perMs = sampleRate / 1000;
    this.#seam = SEAM_MS * this.#perMs;
    this.#gate = gate && new Gate(gate, channels, sampleRate);
    this.#resampler = new Resampler(channels, (sound) => this.#hand(sound), sampleRate);
  }

  /** Gives all sound from where the window before ended up to `to`, in order; what reaches beyond is for `take` to cut. */
  async render(to: number, take: TakeSound): Promise<void> {
    const decodeTo = to + this.#resampler.lag;
    if (this.#firstAt >= decodeTo) return;
    this.#take = take;
    this.#to = to;
    const carried = this.#carried;
    this.#carried = [];
    for (const sound of carried) this.#hand(sound);
    for (;;) {
      if (!this.#queue.knows(2)) await this.#queue.read(2);
      const packet = this.#queue.peek();
      if (packet === undefined) return this.#closeDecoder();
      if (packet.atMs * this.#perMs >= decodeTo) return;
      if (this.#isBehindPause(packet) && (await this.#skipsRefresh())) continue;
      if (!packet.continues) this.#closeDecoder();
      this.#decoding ??= await openDecoding(this.#channels, this.#rate);
      if (this.#gate !== undefined) {
        const heard = await this.#gate.hear(packet, this.#queue, this.#decoding);
        this.#play(this.#decoding, packet, heard, this.#queue.peek(1));
      } else {
        const isSkipped = this.#silence.isKnown && (await this.#silence.goesOn(this.#queue));
        this.#play(
          this.#decoding,
          packet,
          this.#heard(this.#decoding, packet, isSkipped),
          this.#queue.peek(1),
        );
      }
      this.#queue.take();
    }
  }

  /** Keeps a copy only of what reaches into the next window: a thousand tracks with a window's sound each would be a gigabyte. */
  #hand(sound: Sound): void {
    this.#take(sound);
    const { at, channels } = sound;
    const beyond = Math.max(0, this.#to - at);
    if (beyond < (channels[0]?.length ?? 0))
      this.#carried.push({ at: at + beyond, channels: channels.map((channel) => channel.slice(beyond)) });
  }

  async close(): Promise<void> {
    this.#closeDecoder();
    await this.#queue.close();
  }

  #closeDecoder(): void {
    this.#decoding?.close();
    this.#decoding = undefined;
    this.#silence.end();
    this.#gate?.end();
  }

  #isBehindPause({ atMs }: MixPacket): boolean {
    return !this.#isFlowing && atMs * this.#perMs - this.#resampler.at >= LEAST_PAUSE_MS * this.#perMs;
  }

  /** The decoder hears the refresh all the same: what comes after it is coded by what came before. */
  async #skipsRefresh(): Promise<boolean> {
    const count = await refreshLength(this.#queue);
    for (let skipped = 0; skipped < count; skipped++) {
      const refresh = this.#queue.peek();
      if (refresh?.continues === false) this.#closeDecoder();
      this.#decoding ??= await openDecoding(this.#channels, this.#rate);
      if (refresh !== undefined) this.#decoding.decode(refresh.bytes);
      this.#queue.take();
    }
    return count > 0;
  }

  #heard(decoder: OpusDecoding, packet: MixPacket, isSkipped: boolean): readonly Float32Array[] {
    const heard = isSkipped ? silenceOf(packet, this.#channels, this.#rate) : decoder.decode(packet.bytes);
    if (isSkipped) this.#silence.skipped(packet);
    else this.#silence.decoded(packet, heard);
    return heard;
  }

  #play(
    decoder: OpusDecoding,
    packet: MixPacket,
    decoded: readonly Float32Array[],
    next: MixPacket | undefined,
  ): void {
    const samples = decoded[0]?.length ?? 0;
    if (samples === 0) return;
    const rate = Math.abs(packet.rate - 1) > LARGEST_DRIFT ? 1 : packet.rate;
    const placed = this.#place(decoded, packet.atMs * this.#perMs, rate);
    const end = this.#resampler.at + (placed[0]?.length ?? 0) * rate;
    const gap = next === undefined ? Number.POSITIVE_INFINITY : next.atMs * this.#perMs - end;
    if (next?.continues && Math.abs(gap) <= this.#seam) {
      this.#resampler.push(placed, rate);
      return;
    }
    const isSilent = next === undefined || this.#gate?.isShut === true;
    const perTick = this.#perMs / TICKS_PER_MS;
    const fillers = isSilent ? [] : concealing(packet, next, gap / rate / perTick);
    const filledTicks = fillers.reduce((sum, { durationTicks }) => sum + durationTicks, 0);
    const left = gap - filledTicks * perTick * rate;
    const goesOn = next?.continues && Math.abs(left) <= this.#seam;
    if (!goesOn && fillers.length === 0) fadeOut(placed, this.#rate);
    this.#resampler.push(placed, rate);
    for (const [index, filler] of fillers.entries()) {
      const made = decoder.decode(filler.packet);
      if (!goesOn && index === fillers.length - 1) fadeOut(made, this.#rate);
      this.#resampler.push(made, rate);
    }
    if (left > this.#seam) this.#stop();
  }

  /** Moves on to `start` where there was a gap, and cuts off what overlaps with what is there already. */
  #place(decoded: readonly Float32Array[], start: number, rate: number): readonly Float32Array[] {
    const offset = start - this.#resampler.at;
    if (!this.#isFlowing || offset > this.#seam) {
      this.#stop();
      this.#resampler.start(rate === 1 ? Math.round(start) : start);
      this.#isFlowing = true;
      fadeIn(decoded, this.#rate);
      return decoded;
    }
    if (offset >= -this.#seam) return decoded;
    const kept = decoded.map((channel) => channel.subarray(Math.round(-offset / rate)));
    fadeIn(kept, this.#rate);
    return kept;
  }

  #stop(): void {
    if (this.#isFlowing) this.#resampler.flush();
    this.#isFlowing = false;
  }
}

/** Packets that make up what was lost behind one, as far as that sounds like anything. */
function concealing(
  packet: MixPacket,
  { continues, lossBefore }: MixPacket,
  gapTicks: number,
): readonly OpusFiller[] {
  if (!continues || lossBefore === 0) return [];
  const lost = Math.min(gapTicks, lossBefore * ticksOf(packet), LONGEST_CONCEALMENT_MS * TICKS_PER_MS);
  return [...opusConcealment(packet.bytes[0] ?? 0, Math.round(lost))];
}
