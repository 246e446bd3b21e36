import { opusConcealment } from '@rawreel/rtp';
import { LEAST_PAUSE, refreshLength } from './comfort-noise.ts';
import { type MixPacket, SAMPLES_PER_MS, type Sound } from './mix-source.ts';
import { OpusDecoding } from './opus-decoding.ts';
import { PacketQueue } from './packet-queue.ts';
import { Resampler } from './resampler.ts';

/** Packets of one stream that are this near to where the one before ended follow it without a seam: timestamps are that exact. */
const SEAM = SAMPLES_PER_MS;

/** The longest loss that concealment bridges without sounding made up; what is beyond is silence. */
const LONGEST_CONCEALMENT = 200 * SAMPLES_PER_MS;

/** Short enough not to be heard as a fade, long enough not to be heard as a click. */
const FADE = 2.5 * SAMPLES_PER_MS;

/** A clock that departs by more than this is no clock: its packets are then laid one by one where they belong. */
const LARGEST_DRIFT = 0.1;

/** One track's packets → its sound on the mix's grid. What was not sent is not decoded: silence costs nothing. */
export class TrackVoice {
  readonly #queue: PacketQueue;
  readonly #channels: 1 | 2;
  readonly #firstAt: number;
  readonly #resampler: Resampler;
  #decoding: OpusDecoding | undefined;
  #isFlowing = false;
  #sounds: Sound[] = [];

  /** @param firstAt sample before which nothing need be read. */
  constructor(batches: AsyncGenerator<readonly MixPacket[], void>, channels: 1 | 2, firstAt: number) {
    this.#queue = new PacketQueue(batches);
    this.#channels = channels;
    this.#firstAt = firstAt;
    this.#resampler = new Resampler(channels, (sound) => this.#sounds.push(sound));
  }

  /** All sound from where the window before ended up to `to`, in order; what reaches beyond is for the caller to cut. */
  async render(to: number): Promise<readonly Sound[]> {
    const decodeTo = to + Resampler.lag;
    if (this.#firstAt >= decodeTo) return [];
    for (let packet = await this.#queue.peek(); packet !== undefined; packet = await this.#queue.peek()) {
      if (packet.atMs * SAMPLES_PER_MS >= decodeTo) return this.#handOut(to);
      if (await this.#skipsRefresh(packet)) continue;
      this.#queue.take();
      await this.#play(packet, await this.#queue.peek());
    }
    this.#closeDecoder();
    return this.#handOut(to);
  }

  /** Keeps only what reaches into the next window: a thousand voices with a window's sound each would be a gigabyte. */
  #handOut(to: number): readonly Sound[] {
    const sounds = this.#sounds;
    this.#sounds = sounds.filter((sound) => endOf(sound) > to);
    return sounds;
  }

  async close(): Promise<void> {
    this.#closeDecoder();
    await this.#queue.close();
  }

  #closeDecoder(): void {
    this.#decoding?.close();
    this.#decoding = undefined;
  }

  /** The stream's decoder as the packet before left it, or a new one. */
  async #decoderFor({ continues }: MixPacket): Promise<OpusDecoding> {
    if (!continues) this.#closeDecoder();
    this.#decoding ??= await OpusDecoding.open(this.#channels);
    return this.#decoding;
  }

  /** The decoder hears the refresh all the same: what comes after it is coded by what came before. */
  async #skipsRefresh(packet: MixPacket): Promise<boolean> {
    if (this.#isFlowing || packet.atMs * SAMPLES_PER_MS - this.#resampler.at < LEAST_PAUSE) return false;
    const count = await refreshLength(this.#queue);
    for (let skipped = 0; skipped < count; skipped++) {
      const refresh = await this.#queue.peek();
      if (refresh !== undefined) (await this.#decoderFor(refresh)).decode(refresh.bytes);
      this.#queue.take();
    }
    return count > 0;
  }

  async #play(packet: MixPacket, next: MixPacket | undefined): Promise<void> {
    const decoder = await this.#decoderFor(packet);
    const decoded = decoder.decode(packet.bytes);
    const samples = decoded[0]?.length ?? 0;
    if (samples === 0) return;
    const rate = Math.abs(packet.rate - 1) > LARGEST_DRIFT ? 1 : packet.rate;
    const placed = this.#place(decoded, packet.atMs * SAMPLES_PER_MS, rate);
    const gap = gapAfter(this.#resampler.at + (placed[0]?.length ?? 0) * rate, next);
    if (next?.continues && Math.abs(gap) <= SEAM) return this.#resampler.push(placed, rate);
    const pieces = [placed];
    let left = gap;
    if (next?.continues && next.lossBefore > 0) {
      const lost = Math.min(gap / rate, next.lossBefore * samples, LONGEST_CONCEALMENT);
      for (const filler of opusConcealment(packet.bytes[0] ?? 0, Math.round(lost))) {
        pieces.push(decoder.decode(filler.packet));
        left -= filler.durationTicks * rate;
      }
    }
    const goesOn = next?.continues && Math.abs(left) <= SEAM;
    if (!goesOn) fadeOut(pieces.at(-1));
    for (const piece of pieces) this.#resampler.push(piece, rate);
    if (left > SEAM) this.#stop();
  }

  /** Moves on to `start` where there was a gap, and cuts off what overlaps with what is there already. */
  #place(decoded: readonly Float32Array[], start: number, rate: number): readonly Float32Array[] {
    const offset = start - this.#resampler.at;
    if (!this.#isFlowing || offset > SEAM) {
      this.#stop();
      this.#resampler.start(rate === 1 ? Math.round(start) : start);
      this.#isFlowing = true;
      fadeIn(decoded);
      return decoded;
    }
    if (offset >= -SEAM) return decoded;
    const kept = decoded.map((channel) => channel.subarray(Math.round(-offset / rate)));
    fadeIn(kept);
    return kept;
  }

  #stop(): void {
    if (this.#isFlowing) this.#resampler.flush();
    this.#isFlowing = false;
  }
}

const endOf = ({ at, channels }: Sound): number => at + (channels[0]?.length ?? 0);

const gapAfter = (end: number, next: MixPacket | undefined): number =>
  next === undefined ? Number.POSITIVE_INFINITY : next.atMs * SAMPLES_PER_MS - end;

function fadeIn(channels: readonly Float32Array[]): void {
  for (const channel of channels) {
    const length = Math.min(FADE, channel.length);
    for (let index = 0; index < length; index++) channel[index] = ((channel[index] ?? 0) * index) / length;
  }
}

function fadeOut(channels: readonly Float32Array[] = []): void {
  for (const channel of channels) {
    const length = Math.min(FADE, channel.length);
    const end = channel.length - 1;
    for (let index = 0; index < length; index++)
      channel[end - index] = ((channel[end - index] ?? 0) * index) / length;
  }
}
