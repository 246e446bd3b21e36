import type { TrackGate } from '../../../src/mix/gate.ts';
import type { MixPacket, SampleRate } from '../../../src/mix/mix-source.ts';
import { TrackSound } from '../../../src/mix/track-sound.ts';

/** Samples of 20 ms. */
export const FRAME = 960;

/** What a track gives out of these packets, in windows of a given length. */
export async function heard(
  source: readonly MixPacket[],
  samples: number,
  { window = 48_000, ...options }: { window?: number; gate?: TrackGate; sampleRate?: SampleRate } = {},
): Promise<Float32Array> {
  async function* batches() {
    yield source.slice(0, 7);
    yield [];
    yield source.slice(7);
  }
  const track = new TrackSound(batches(), { channels: 1, firstAt: 0, ...options });
  const pcm = new Float32Array(samples);
  for (let from = 0; from < samples; from += window) {
    const to = Math.min(samples, from + window);
    await track.render(to, ({ at, channels }) => {
      for (const [index, sample] of (channels[0] ?? []).entries()) {
        const place = at + index;
        if (place >= from && place < to) pcm[place] = (pcm[place] ?? 0) + sample;
      }
    });
  }
  await track.close();
  return pcm;
}

/** A packet of one frame with padding behind it (RFC 6716 §3.2.5): a constant bitrate. */
export function padded(bytes: Uint8Array, size: number): Uint8Array {
  const [toc = 0, ...frame] = bytes;
  const padding = new Uint8Array(size - 3 - frame.length);
  return Uint8Array.of(toc | 3, 0x41, padding.length, ...frame, ...padding);
}

export const rms = (pcm: Float32Array, from: number, to: number): number =>
  Math.sqrt(pcm.subarray(from, to).reduce((sum, sample) => sum + sample * sample, 0) / (to - from));
