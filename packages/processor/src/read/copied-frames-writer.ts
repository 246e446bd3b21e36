import { closeSync, openSync, writeSync } from 'node:fs';
import type { FrameBytes } from '@rawreel/matroska';
import type { CodedFrame, VideoParameters } from '@rawreel/rtp';
import type { CopiedFrames } from './copied-frames.ts';
import { putRecord, RECORD_BYTES } from './frame-record.ts';

/** Of 25 frames a second, 40 s. */
const GATHERED_RECORDS = 1024;

/** A stream changes its size or sets a few times. */
const MOST_PARAMETERS = 1024;

/** Notes where the frames of a dump come to stand in a media file, in a file beside it. */
export class CopiedFramesWriter implements Disposable {
  readonly #path: string;
  readonly #records = Buffer.allocUnsafeSlow(GATHERED_RECORDS * RECORD_BYTES);
  readonly #view = new DataView(this.#records.buffer);
  readonly #parameters: VideoParameters[] = [];
  /** Given out by the depacketizer, not written yet. */
  readonly #waiting: CodedFrame[] = [];
  #descriptor: number | undefined;
  #gathered = 0;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(path, 'wx', 0o600);
  }

  /** A frame that will be written next, behind those that are. */
  expect(frame: CodedFrame): void {
    this.#waiting.push(frame);
  }

  /** Something has been written: the frame that waits longest, perhaps behind parameter sets, or a filler of no concern. */
  written(chunks: readonly FrameBytes[], end: number): void {
    const [frame] = this.#waiting;
    if (frame === undefined || frame.chunks.at(-1) !== chunks.at(-1)) return;
    this.#waiting.shift();
    this.note(frame, end);
  }

  /** @param end position behind its bytes */
  note(frame: CodedFrame, end: number): void {
    const parameters = frame.parameters as VideoParameters;
    if (this.#parameters.at(-1) !== parameters) this.#parameters.push(parameters);
    putRecord(this.#view, this.#gathered * RECORD_BYTES, { ...frame, end }, this.#parameters.length - 1);
    if (++this.#gathered === GATHERED_RECORDS) this.#flush();
  }

  /** Undefined where some frame is missing, or the parameters changed too often. */
  finish(): Pick<CopiedFrames, 'index' | 'parameters'> | undefined {
    this.#flush();
    this[Symbol.dispose]();
    const isWhole = this.#waiting.length === 0 && this.#parameters.length <= MOST_PARAMETERS;
    return isWhole ? { index: this.#path, parameters: this.#parameters } : undefined;
  }

  #flush(): void {
    const bytes = this.#records.subarray(0, this.#gathered * RECORD_BYTES);
    this.#gathered = 0;
    if (this.#descriptor === undefined) return;
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done);
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
