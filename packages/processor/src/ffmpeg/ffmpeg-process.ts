import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { printable } from '@rawreel/text';
import type { ChildPipe } from './child-pipe.ts';

/** How an ffmpeg ended: `failure` is what it said last, where it did not do its work. */
export interface FfmpegEnd {
  readonly failure?: string | undefined;
}

/** An ffmpeg between two pipes. */
export class FfmpegProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable | null, Readable>;
  /** What it puts out. */
  readonly stdout: Readable;
  readonly ended: Promise<FfmpegEnd>;
  #lastLine = '';
  #complaints = 0;

  /** @param output default: a pipe that is the process's own */
  constructor(args: readonly string[], ffmpegPath = 'ffmpeg', output?: ChildPipe) {
    const quiet = ['-hide_banner', '-loglevel', 'error', '-nostats', '-y'];
    const child = spawn(ffmpegPath, [...quiet, ...args], {
      stdio: ['pipe', output?.childEnd ?? 'pipe', 'pipe'],
    }) as ChildProcessByStdio<Writable, Readable | null, Readable>;
    output?.childEnd.destroy();
    this.#child = child;
    this.stdout = output?.ourEnd ?? (child.stdout as Readable);
    // What is written to an ffmpeg that is gone: its end tells why.
    this.#child.stdin.on('error', () => undefined);
    this.stdout.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = text.split('\n').filter((line) => !/^\s*(?:Last message repeated.*)?$/.test(line));
      this.#complaints += lines.length;
      this.#lastLine = lines.at(-1)?.trim() ?? this.#lastLine;
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('error', ({ message }) => resolve({ failure: message }));
      this.#child.on('close', (code, signal) => {
        const failure = this.#lastLine === '' ? `ended with ${signal ?? code}` : printable(this.#lastLine);
        resolve(code === 0 ? {} : { failure });
      });
    });
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  /** Lines that it complained in, about. */
  get complaints(): number {
    return this.#complaints;
  }

  /** What it complained of last; nothing where it did not. */
  get lastWords(): string {
    return printable(this.#lastLine);
  }

  /** Settles when it has gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    // It counts as gone when all that it wrote is read, which nobody does any more.
    this.stdout.destroy();
    await this.ended;
  }
}
