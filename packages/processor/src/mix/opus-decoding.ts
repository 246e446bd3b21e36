import { OpusDecoder } from 'opus-decoder';
import { SAMPLE_RATE } from './mix-source.ts';

/** libopus for one stream, and the one file that knows where it comes from. */
export class OpusDecoding {
  readonly #decoder: OpusDecoder<typeof SAMPLE_RATE>;
  #isFresh = true;

  /** With one channel, stereo packets are mixed down; with two, mono packets are on both. */
  static async open(channels: 1 | 2): Promise<OpusDecoding> {
    const decoder = new OpusDecoder({ channels, sampleRate: SAMPLE_RATE });
    await decoder.ready;
    return new OpusDecoding(decoder);
  }

  private constructor(decoder: OpusDecoder<typeof SAMPLE_RATE>) {
    this.#decoder = decoder;
  }

  /** Channels of a packet that keeps the rules of RFC 6716 §3.4; they are the caller's. Empty where it cannot be decoded. */
  decode(packet: Uint8Array): readonly Float32Array[] {
    this.#isFresh = false;
    return this.#decoder.decodeFrame(packet).channelData;
  }

  /** Forgets the stream so far. */
  async reset(): Promise<void> {
    if (this.#isFresh) return;
    await this.#decoder.reset();
    this.#isFresh = true;
  }

  close(): void {
    this.#decoder.free();
  }
}
