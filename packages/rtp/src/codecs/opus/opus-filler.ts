import { opusFrameTicks } from './opus-packet.ts';

/** A packet that was never sent, for time in which nothing was. */
export interface OpusFiller {
  readonly packet: Uint8Array;
  readonly durationTicks: number;
}

/**
 * A frame of no bytes, which asks the decoder to go on as it does in DTX; it lasts as long as one frame of `toc`,
 * the first byte of the packet before. The frame count bits are cleared: with code 1 the byte would stand for two
 * frames, with codes 2 and 3 it is refused.
 */
export function opusDtxPacket(toc: number): Uint8Array {
  return Uint8Array.of(toc & 0xfc);
}

/** What follows the TOC: the range coder reads "silence" from it, so that CELT decodes zeros (RFC 6716 §4.3). */
const CODED_SILENCE = [0xff, 0xfe];

/**
 * CELT-only, fullband, by descending duration: 20, 10, 5, 2.5 ms. Decoded by libopus and by FFmpeg's own decoder, mono
 * and stereo, all of them are digital zero from the start of a stream, and at most 5 ms after loud sound (the overlap
 * with what was before). Other modes followed by the same bytes decode to noise.
 */
const SILENT_CONFIGURATIONS = [31, 30, 29, 28];

const FILLERS: Record<1 | 2, readonly OpusFiller[]> = { 1: silentFillers(0), 2: silentFillers(4) };

function silentFillers(stereoBit: number): readonly OpusFiller[] {
  return SILENT_CONFIGURATIONS.map((configuration) => {
    const toc = (configuration << 3) | stereoBit;
    return { packet: Uint8Array.of(toc, ...CODED_SILENCE), durationTicks: opusFrameTicks(toc) };
  });
}

/** 20 ms of digital silence. The same object each time: not to be written to. */
export function opusSilencePacket(channels: 1 | 2): Uint8Array {
  return (FILLERS[channels][0] as OpusFiller).packet;
}

/**
 * The longest packet of digital silence that fits into `durationTicks` (48 kHz): ask again for what is left of a gap.
 * Undefined under 120 ticks, 2.5 ms, which no Opus packet can fill.
 */
export function opusSilence(channels: 1 | 2, durationTicks: number): OpusFiller | undefined {
  return FILLERS[channels].find((filler) => filler.durationTicks <= durationTicks);
}

/** The shortest Opus frame, 2.5 ms at 48 kHz: what is shorter cannot be filled. */
export const OPUS_SHORTEST_TICKS = 120;

/** The first of the configurations that share mode and bandwidth with this one and differ in frame duration (RFC 6716 §3.1). */
const firstOfFamily = (config: number): number => (config >= 12 && config < 16 ? config & ~1 : config & ~3);

/**
 * Packets without a body, with which the decoder goes on as it would have during DTX or loss: in the frame duration of
 * the packet before the gap, then in shorter ones of the same mode and bandwidth. Fills down to what that mode's
 * shortest frame leaves.
 */
export function* opusConcealment(toc: number, durationTicks: number): Generator<OpusFiller> {
  let left = durationTicks;
  for (let config = toc >> 3; config >= firstOfFamily(toc >> 3); config--) {
    const packet = opusDtxPacket((config << 3) | (toc & 0x07));
    const frameTicks = opusFrameTicks(config << 3);
    for (; left >= frameTicks; left -= frameTicks) yield { packet, durationTicks: frameTicks };
  }
}

/** Packets that decode to digital silence. Fills down to 2.5 ms. */
export function* opusSilences(channels: 1 | 2, durationTicks: number): Generator<OpusFiller> {
  let left = durationTicks;
  for (let filler = opusSilence(channels, left); filler !== undefined; filler = opusSilence(channels, left)) {
    yield filler;
    left -= filler.durationTicks;
  }
}
