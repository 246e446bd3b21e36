import type { TrackEntry } from './track-entry.ts';

export interface MatroskaChapter {
  readonly startMs: number;
  readonly title: string;
}

export interface MatroskaOptions {
  readonly docType: 'matroska' | 'webm';
  /** Track numbers are 1, 2, … in this order. */
  readonly tracks: readonly TrackEntry[];
  readonly writingApp: string;
  readonly title?: string;
  /** Absolute time of timestamp 0: DateUTC. Unix ms. */
  readonly startsAtMs?: number;
  /** In rising order of time, whole milliseconds of the file. */
  readonly chapters?: readonly MatroskaChapter[] | undefined;
  /** Tags of the whole segment. */
  readonly tags?: Readonly<Record<string, string>>;
}
