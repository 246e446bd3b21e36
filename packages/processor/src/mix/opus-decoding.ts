import { opusDurationTicks, opusSilencePacket } from '@rawreel/rtp';
import { OpusDecoder } from 'opus-decoder';
import { SAMPLE_RATE } from './mix-source.ts';

/** opus-decoder 0.7.12 has room for so much per channel, and throws over more: 120 ms at 256 kbit/s. */
const LARGEST_PACKET_BYTES = 3840;

/**
 * CELT silence takes the memory of what was before: its own within the overlap of two frames, and that of SILK because a
 * decoder starts SILK anew after CELT (opus_decoder.c).
 */
const SILENCE_PACKETS = 3;

/** libopus for one stream, and the one file that knows where it comes from. */
export class OpusDecoding {
  readonly #decoder: OpusDecoder<typeof SAMPLE_RATE>;
  readonly #largest: number;
  readonly channels: 1 | 2;

  /** With one channel, stereo packets are mixed down; with two, mono packets are on both. */
  static async open(channels: 1 | 2): Promise<OpusDecoding> {
    const decoder = new OpusDecoder({ channels, sampleRate: SAMPLE_RATE });
    await decoder.ready;
    return new OpusDecoding(decoder, channels);
  }

  private constructor(decoder: OpusDecoder<typeof SAMPLE_RATE>, channels: 1 | 2) {
    this.#decoder = decoder;
    this.#largest = LARGEST_PACKET_BYTES * channels;
    this.channels = channels;
  }

  /**
   * The packet's channels, which are the caller's; none where it cannot be decoded. What breaks RFC 6716 §3.4 is not even
   * tried: the library prints an error for it.
   */
  decode(packet: Uint8Array): readonly Float32Array[] {
    if (packet.length > this.#largest || opusDurationTicks(packet) === undefined) return [];
    return this.#decoder.decodeFrame(packet).channelData;
  }

  /** Begins a new stream from silence. A new decoder would do the same, at a hundred times the cost. */
  restart(): void {
    for (let packet = 0; packet < SILENCE_PACKETS; packet++) this.#decoder.decodeFrame(opusSilencePacket(1));
  }

  close(): void {
    this.#decoder.free();
  }
}
