import { AudioEncoder, type AudioEncoding } from '../ffmpeg/audio-encoder.ts';
import type { MixSink } from './mix-sink.ts';
import type { SampleRate } from './mix-source.ts';
import { asFloat32 } from './pcm-bytes.ts';

/** A mix of one or two channels, encoded by ffmpeg. */
export class EncodedFile implements MixSink {
  readonly #encoder: AudioEncoder;
  /** Filled by turns: one is on its way to ffmpeg. */
  #memory: readonly [ArrayBuffer, ArrayBuffer] = [new ArrayBuffer(), new ArrayBuffer()];

  static async create(
    channels: number,
    rate: SampleRate,
    encoding: Omit<AudioEncoding, 'input'>,
  ): Promise<EncodedFile> {
    const input = ['-f', 'f32le', '-ar', `${rate}`, '-ac', `${channels}`];
    return new EncodedFile(await AudioEncoder.start({ ...encoding, input }));
  }

  private constructor(encoder: AudioEncoder) {
    this.#encoder = encoder;
  }

  async write(channels: readonly Float32Array[]): Promise<void> {
    const [free, underWay] = this.#memory;
    const bytes = asFloat32(channels, free);
    this.#memory = [underWay, bytes.buffer];
    await this.#encoder.write(bytes);
  }

  async finish(): Promise<void> {
    await this.#encoder.finish();
  }

  async abandon(): Promise<void> {
    await this.#encoder.kill();
  }
}
