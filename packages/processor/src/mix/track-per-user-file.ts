import { CODEC_IDS, MatroskaWriter } from '@rawreel/matroska';
import { AudioEncoder, type AudioEncoding } from '../ffmpeg/audio-encoder.ts';
import type { MixPlan } from './mix-plan.ts';
import type { MixSink } from './mix-sink.ts';
import { asInt16 } from './pcm-bytes.ts';
import { WINDOW_GRAIN } from './windows.ts';

/**
 * Tracks of one channel each, encoded by ffmpeg. They reach it as one Matroska stream of PCM: ffmpeg splits no more than
 * 64 interleaved channels, and is given but one stream.
 */
export class TrackPerUserFile implements MixSink {
  readonly #encoder: AudioEncoder;
  readonly #writer: MatroskaWriter;
  readonly #rate: number;
  #written = 0;

  static async create(
    plan: Pick<MixPlan, 'users' | 'sampleRate'>,
    madeBy: string,
    encoding: Omit<AudioEncoding, 'input'>,
  ): Promise<TrackPerUserFile> {
    const input = ['-f', 'matroska'];
    const output = ['-map', '0', ...encoding.output];
    return new TrackPerUserFile(await AudioEncoder.start({ ...encoding, input, output }), plan, madeBy);
  }

  private constructor(
    encoder: AudioEncoder,
    { users, sampleRate }: Pick<MixPlan, 'users' | 'sampleRate'>,
    madeBy: string,
  ) {
    this.#encoder = encoder;
    this.#rate = sampleRate;
    const tracks = users.map((name) => ({
      kind: 'audio' as const,
      codecId: CODEC_IDS.pcm,
      name,
      channels: 1,
      samplingFrequency: sampleRate,
      bitDepth: 16,
    }));
    const sink = { write: (bytes: Uint8Array) => encoder.write(Uint8Array.from(bytes)) };
    this.#writer = new MatroskaWriter(sink, { docType: 'matroska', writingApp: madeBy, tracks });
  }

  async write(channels: readonly Float32Array[]): Promise<void> {
    const length = channels[0]?.length ?? 0;
    for (let from = 0; from < length; from += WINDOW_GRAIN) {
      for (const [index, channel] of channels.entries()) {
        await this.#writer.addFrame(index + 1, {
          timestampMs: ((this.#written + from) * 1000) / this.#rate,
          keyFrame: true,
          chunks: [asInt16([channel.subarray(from, from + WINDOW_GRAIN)])],
        });
      }
    }
    this.#written += length;
  }

  async finish(): Promise<void> {
    await this.#writer.finish();
    await this.#encoder.finish();
  }

  async abandon(): Promise<void> {
    await this.#encoder.kill();
  }
}
