import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { printable } from '@rawreel/text';
import type { FfmpegCommand } from 'fluent-ffmpeg';
import { ProcessorError } from '../processor-error.ts';
import { ffmpegCommand } from './ffmpeg-command.ts';
import { hintAbout } from './ffmpeg-hint.ts';
import { fileUrl } from './file-url.ts';
import { requireEncoder } from './require-encoder.ts';

export interface AudioEncoding {
  readonly path: string;
  readonly ffmpegPath?: string | undefined;
  /** ffmpeg's options for what is written to it, such as `-f f32le -ac 1`. */
  readonly input: readonly string[];
  /** Paths of further inputs. */
  readonly asides?: readonly string[] | undefined;
  readonly encoder: string;
  readonly output: readonly string[];
}

/** An ffmpeg that turns what is written to it into a file. */
export class AudioEncoder {
  /** The process is there from the `start` event on; the types do not know it. */
  readonly #command: FfmpegCommand & { ffmpegProc?: ChildProcess };
  readonly #ended: Promise<void>;
  #input!: Writable;
  #lastLine = '';
  #hasEnded = false;
  /** Settles when the bytes written last have left, or never will. */
  #left: Promise<void> = Promise.resolve();

  /** @throws {ProcessorError} ERR_NO_FFMPEG, ERR_ENCODER_FAILED */
  static async start(encoding: AudioEncoding): Promise<AudioEncoder> {
    try {
      await requireEncoder(encoding.encoder, encoding.ffmpegPath);
    } catch (cause) {
      throw new ProcessorError('ERR_NO_FFMPEG', `cannot encode: ${(cause as Error).message}`, {
        hint: `Install an ffmpeg with the encoder ${encoding.encoder}.`,
        cause,
      });
    }
    const encoder = new AudioEncoder(encoding);
    await encoder.#started();
    return encoder;
  }

  private constructor({ path, ffmpegPath, input, asides = [], encoder, output }: AudioEncoding) {
    // Options one by one: fluent-ffmpeg splits those of an array at their spaces.
    this.#command = ffmpegCommand(ffmpegPath)
      .input('pipe:0')
      .inputOptions(...input);
    for (const aside of asides) this.#command.input(fileUrl(aside));
    this.#command
      .outputOptions('-y', '-hide_banner', '-loglevel', 'error', '-nostats', '-c:a', encoder, ...output)
      .output(fileUrl(path))
      .on('stderr', (line: string) => {
        if (line.trim() !== '') this.#lastLine = line.trim();
      });
    this.#ended = new Promise<void>((resolve, reject) => {
      this.#command.on('end', () => resolve());
      this.#command.on('error', (cause: Error) => reject(this.#failed(cause)));
    }).finally(() => {
      this.#hasEnded = true;
    });
    this.#ended.catch(() => undefined);
  }

  /**
   * Settles when ffmpeg has the bytes of the write before, whose memory is the caller's again; that of these is when the
   * next write has settled.
   */
  async write(bytes: Uint8Array): Promise<void> {
    const before = this.#left;
    this.#left = new Promise((resolve) => this.#input.write(bytes, () => resolve()));
    await before;
    if (this.#hasEnded) await this.#endedEarly();
  }

  /** Settles when the file is whole. */
  async finish(): Promise<void> {
    this.#input.end();
    await this.#ended;
  }

  /** Ends ffmpeg, wherever it is. */
  async kill(): Promise<void> {
    this.#command.kill('SIGKILL');
    await this.#ended.catch(() => undefined);
  }

  async #started(): Promise<void> {
    const started = new Promise<void>((resolve) => this.#command.on('start', () => resolve()));
    this.#command.run();
    await Promise.race([started, this.#endedEarly()]);
    const stdin = this.#command.ffmpegProc?.stdin;
    if (stdin == null) throw this.#failed(new Error('ffmpeg has no standard input'));
    // What is written to an ffmpeg that is gone: its end tells why.
    this.#input = stdin.on('error', () => undefined);
  }

  async #endedEarly(): Promise<void> {
    await this.#ended;
    throw this.#failed(new Error('ffmpeg ended before it had everything'));
  }

  #failed(cause: Error): ProcessorError {
    const says = this.#lastLine === '' ? cause.message : this.#lastLine;
    return new ProcessorError('ERR_ENCODER_FAILED', `the encoder failed: ${printable(says)}`, {
      ...hintAbout(says),
      cause,
    });
  }
}
