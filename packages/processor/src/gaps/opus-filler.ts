import { type OpusFiller, opusDtxPacket, opusFrameTicks, opusSilence } from '@rawreel/rtp';

/** The shortest Opus frame, 2.5 ms: what is shorter cannot be filled. */
export const SHORTEST_FRAME_SAMPLES = 120;

/** The first of the configurations that share mode and bandwidth with this one and differ in frame duration (RFC 6716 §3.1). */
const firstOfFamily = (config: number): number => (config >= 12 && config < 16 ? config & ~1 : config & ~3);

/**
 * Packets without a body, with which the decoder goes on as it would have during DTX or loss: in the frame duration of
 * the packet before the gap, then in shorter ones of the same mode and bandwidth. Fills down to what that mode's
 * shortest frame leaves.
 */
export function* concealment(toc: number, samples: number): Generator<OpusFiller> {
  let left = samples;
  for (let config = toc >> 3; config >= firstOfFamily(toc >> 3); config--) {
    const packet = opusDtxPacket((config << 3) | (toc & 0x07));
    const durationTicks = opusFrameTicks(config << 3);
    for (; left >= durationTicks; left -= durationTicks) yield { packet, durationTicks };
  }
}

/** Packets that decode to digital silence. Fills down to 2.5 ms. */
export function* silence(channels: 1 | 2, samples: number): Generator<OpusFiller> {
  let left = samples;
  for (let filler = opusSilence(channels, left); filler !== undefined; filler = opusSilence(channels, left)) {
    yield filler;
    left -= filler.durationTicks;
  }
}
