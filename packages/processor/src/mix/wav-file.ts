import { type FileHandle, open } from 'node:fs/promises';
import type { MixSink } from './mix-sink.ts';
import { asInt16 } from './pcm-bytes.ts';
import { type WavShape, wavHeader } from './wav-header.ts';

/** A WAV file of 16 bit samples, written without an encoder. */
export class WavFile implements MixSink {
  readonly #file: FileHandle;
  #memory = new ArrayBuffer();

  static async create(path: string, shape: WavShape): Promise<WavFile> {
    const file = await open(path, 'w');
    try {
      await file.appendFile(wavHeader(shape));
    } catch (error) {
      await file.close();
      throw error;
    }
    return new WavFile(file);
  }

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(channels: readonly Float32Array[]): Promise<void> {
    const bytes = asInt16(channels, this.#memory);
    this.#memory = bytes.buffer;
    await this.#file.appendFile(bytes);
  }

  async finish(): Promise<void> {
    await this.#file.close();
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}
