import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { FileSink, type MatroskaFrame, MatroskaWriter, type TrackEntry } from '@rawreel/matroska';

const HASH_READ_BYTES = 1 << 20;

export interface TrackOutputOptions {
  readonly path: string;
  readonly title: string;
  readonly startsAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly writingApp: string;
}

/** One media file of one track; the container's header is written when the first frame says what is in it. */
export class TrackOutput {
  readonly #options: TrackOutputOptions;
  #sink: FileSink | undefined;
  #writer: MatroskaWriter | undefined;

  constructor(options: TrackOutputOptions) {
    this.#options = options;
  }

  start(entry: TrackEntry): void {
    const { path, title, startsAtMs, tags, writingApp } = this.#options;
    this.#sink = FileSink.open(path);
    this.#writer = new MatroskaWriter(this.#sink, {
      docType: 'matroska',
      tracks: [entry],
      writingApp,
      title,
      startsAtMs,
      tags,
    });
  }

  get isStarted(): boolean {
    return this.#writer !== undefined;
  }

  add(frame: MatroskaFrame): void {
    this.#writer?.addFrame(1, frame);
  }

  /** Completes the file: its duration, size and digest. */
  async finish(): Promise<{ durationMs: number; byteLength: number; sha256: string } | undefined> {
    const writer = this.#writer;
    if (writer === undefined) return undefined;
    await writer.finish();
    this.close();
    return {
      durationMs: writer.durationMs,
      byteLength: writer.byteLength,
      sha256: sha256Of(this.#options.path),
    };
  }

  close(): void {
    this.#sink?.close();
    this.#sink = undefined;
  }
}

function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(HASH_READ_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) {
      hash.update(buffer.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}
