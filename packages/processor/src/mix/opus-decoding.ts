import { opusDurationTicks } from '@rawreel/rtp';
import { createDecoder, isOpusError, type OpusDecoderHandle } from 'libopus-wasm';
import { SAMPLE_RATE } from './mix-source.ts';

/** libopus for one stream, and the one file that knows where it comes from. */
export class OpusDecoding {
  readonly #decoder: OpusDecoderHandle;

  /** With one channel, stereo packets are mixed down; with two, mono packets are on both. */
  static async open(channels: 1 | 2): Promise<OpusDecoding> {
    return new OpusDecoding(await createDecoder({ channels, sampleRate: SAMPLE_RATE }));
  }

  private constructor(decoder: OpusDecoderHandle) {
    this.#decoder = decoder;
  }

  /** The packet's channels, which are the caller's; none where it cannot be decoded. */
  decode(packet: Uint8Array): readonly Float32Array[] {
    const maxFrameSize = opusDurationTicks(packet);
    if (maxFrameSize === undefined) return [];
    try {
      const samples = this.#decoder.decodeFloat(packet, { maxFrameSize });
      return this.#decoder.channels === 1 ? [samples] : apart(samples);
    } catch (error) {
      if (isOpusError(error)) return [];
      throw error;
    }
  }

  close(): void {
    this.#decoder.free();
  }
}

/** Interleaved stereo → left and right. */
function apart(samples: Float32Array): readonly Float32Array[] {
  const left = new Float32Array(samples.length / 2);
  const right = new Float32Array(samples.length / 2);
  for (let index = 0; index < left.length; index++) {
    left[index] = samples[2 * index] ?? 0;
    right[index] = samples[2 * index + 1] ?? 0;
  }
  return [left, right];
}
