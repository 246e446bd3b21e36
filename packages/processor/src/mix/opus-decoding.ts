import { opusDurationTicks } from '@rawreel/rtp';
import { OpusDecoder } from 'opus-decoder';
import { SAMPLE_RATE } from './mix-source.ts';

/** opus-decoder 0.7.12 has room for so much per channel, and throws over more: 120 ms at 256 kbit/s. */
const LARGEST_PACKET_BYTES = 3840;

/** libopus for one stream, and the one file that knows where it comes from. */
export class OpusDecoding {
  readonly #decoder: OpusDecoder<typeof SAMPLE_RATE>;
  readonly #largest: number;
  #isFresh = true;

  /** With one channel, stereo packets are mixed down; with two, mono packets are on both. */
  static async open(channels: 1 | 2): Promise<OpusDecoding> {
    const decoder = new OpusDecoder({ channels, sampleRate: SAMPLE_RATE });
    await decoder.ready;
    return new OpusDecoding(decoder, LARGEST_PACKET_BYTES * channels);
  }

  private constructor(decoder: OpusDecoder<typeof SAMPLE_RATE>, largest: number) {
    this.#decoder = decoder;
    this.#largest = largest;
  }

  /**
   * The packet's channels, which are the caller's; none where it cannot be decoded. What breaks RFC 6716 §3.4 is not even
   * tried: the library prints an error for it.
   */
  decode(packet: Uint8Array): readonly Float32Array[] {
    if (packet.length > this.#largest || opusDurationTicks(packet) === undefined) return [];
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
