import { AudioEncoder, type AudioEncoding } from '../ffmpeg/audio-encoder.ts';
import type { MixSink } from './mix-sink.ts';
import { SAMPLE_RATE } from './mix-source.ts';
import { asFloat32 } from './pcm-bytes.ts';

/** A mix of one or two channels, encoded by ffmpeg. */
export class EncodedFile implements MixSink {
  readonly #encoder: AudioEncoder;

  static async create(channels: number, encoding: Omit<AudioEncoding, 'input'>): Promise<EncodedFile> {
    const input = ['-f', 'f32le', '-ar', `${SAMPLE_RATE}`, '-ac', `${channels}`];
    return new EncodedFile(await AudioEncoder.start({ ...encoding, input }));
  }

  private constructor(encoder: AudioEncoder) {
    this.#encoder = encoder;
  }

  async write(channels: readonly Float32Array[]): Promise<void> {
    await this.#encoder.write(asFloat32(channels));
  }

  async finish(): Promise<void> {
    await this.#encoder.finish();
  }

  async abandon(): Promise<void> {
    await this.#encoder.kill();
  }
}
