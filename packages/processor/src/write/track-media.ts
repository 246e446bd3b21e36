import type { TrackEntry } from '@rawreel/matroska';
import type { CodedFrame, DepacketizerStatistics } from '@rawreel/rtp';
import type { MediaReport } from '../report/report.ts';
import type { Boundary } from '../time/track-runs.ts';
import type { Finding } from '../track-problem.ts';

/** Milliseconds after the file's zero. */
export interface FramePlace {
  readonly atMs: number;
  /** Where the run began from which the media clock goes on to this frame: what is rounded is rounded once. */
  readonly runAtMs: number;
}

/** The part of writing a track in which audio and video differ. */
export interface TrackMedia {
  /** How the container describes a track that begins with this frame. */
  entry(first: CodedFrame): TrackEntry;
  /** Puts a frame in its place; a promise holds up what follows. */
  add(frame: CodedFrame, place: FramePlace, boundary: Boundary): void | Promise<void>;
  /** A segment has been read to its end. */
  count(statistics: Readonly<DepacketizerStatistics>): void;
  /** No more frames come: the one held back is written. */
  finish(): void;
  report(): MediaReport;
  findings(): Finding[];
}
