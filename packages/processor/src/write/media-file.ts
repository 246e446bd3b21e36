import {
  FileSink,
  type MatroskaChapter,
  type MatroskaFrame,
  MatroskaWriter,
  type TrackEntry,
} from '@rawreel/matroska';

export interface MediaFileOptions {
  readonly path: string;
  readonly docType: 'matroska' | 'webm';
  readonly title: string;
  /** Unix ms. */
  readonly startsAtMs: number;
  readonly chapters?: readonly MatroskaChapter[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly writingApp: string;
}

export interface FinishedFile {
  readonly durationMs: number;
  readonly byteLength: number;
  /** Where DateUTC stands. */
  readonly startPosition: number;
}

/** One media file of one or more tracks; the container's header is written when first frames say what is in it. */
export class MediaFile {
  readonly #options: MediaFileOptions;
  #sink: FileSink | undefined;
  #writer: MatroskaWriter | undefined;

  constructor(options: MediaFileOptions) {
    this.#options = options;
  }

  start(tracks: readonly TrackEntry[]): void {
    const { path, ...options } = this.#options;
    this.#sink = FileSink.open(path);
    this.#writer = new MatroskaWriter(this.#sink, { ...options, tracks });
  }

  get isStarted(): boolean {
    return this.#writer !== undefined;
  }

  /** `trackNumber` counts from 1, as the entries were given. */
  add(trackNumber: number, frame: MatroskaFrame): void {
    this.#writer?.addFrame(trackNumber, frame);
  }

  /** Position behind the bytes of the frame added last; of a file of one track. */
  get frameEnd(): number {
    return this.#writer?.frameEnd ?? 0;
  }

  /** A track has ended. */
  end(trackNumber: number): void {
    this.#writer?.closeTrack(trackNumber);
  }

  /** @returns undefined where nothing was begun. */
  async finish(): Promise<FinishedFile | undefined> {
    const writer = this.#writer;
    if (writer === undefined) return undefined;
    await writer.finish();
    this.#sink?.close();
    const { durationMs, byteLength, startPosition } = writer;
    return { durationMs, byteLength, startPosition: startPosition ?? 0 };
  }

  /** Of a file that is not finished nothing more is written: it will be removed. */
  close(): void {
    this.#sink?.discard();
    this.#sink = undefined;
  }
}
