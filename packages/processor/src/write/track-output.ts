import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { FileSink, type MatroskaFrame, MatroskaWriter, type TrackEntry } from '@rawreel/matroska';
import type { TrackJob } from '../run/track-job.ts';

/** Small enough to stay in a processor's own cache between the read and the hash. */
const HASH_READ_BYTES = 256 * 1024;

export interface TrackOutputOptions {
  readonly path: string;
  readonly title: string;
  readonly startsAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly writingApp: string;
}

export interface FinishedOutput {
  readonly durationMs: number;
  readonly byteLength: number;
  readonly sha256: string;
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

  /** Completes the file; `startsAtMs` corrects the start that the options gave. */
  async finish(startsAtMs?: number): Promise<FinishedOutput | undefined> {
    const writer = this.#writer;
    if (writer === undefined) return undefined;
    await writer.finish(startsAtMs === undefined ? {} : { startsAtMs });
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

/** The output of a job, named and tagged for what is in it. */
export function outputOf(
  { plan: { call }, output: { track }, workFolder, temporaryName, madeBy }: TrackJob,
  startsAtMs: number,
): TrackOutput {
  const what = `${track.screenshare ? 'screen share ' : ''}${track.kind}`;
  return new TrackOutput({
    path: join(workFolder, temporaryName),
    title: `${track.userId} · ${what} · ${call.type}:${call.id}`,
    startsAtMs,
    tags: {
      CALL_TYPE: call.type,
      CALL_ID: call.id,
      CALL_SESSION_ID: call.sessionId,
      USER_ID: track.userId,
      SESSION_ID: track.sessionId,
      TRACK_ID: track.trackId,
      TRACK_TYPE: track.trackType,
    },
    writingApp: madeBy,
  });
}
