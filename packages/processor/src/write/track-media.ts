import type { TrackEntry } from '@rawreel/matroska';
import type { CodedFrame, DepacketizerStatistics } from '@rawreel/rtp';
import type { Finding, ReportedFile, ReportedGap } from '../report/report.ts';
import type { TrackRun } from '../time/place-track.ts';

/** What of a report only one kind of media can say. */
export type MediaReport = Pick<
  ReportedFile,
  'frames' | 'gaps' | 'channels' | 'concealed' | 'sizes' | 'rotation' | 'framesLeftOut'
>;

/** The part of writing a track in which audio and video differ. */
export interface TrackMedia {
  /** How the container describes a track that begins with this frame. */
  entry(first: CodedFrame): TrackEntry;
  /** Puts a frame `atMs` after the file's zero; a promise holds up what follows. */
  add(
    frame: CodedFrame,
    atMs: number,
    run: TrackRun,
    boundary: ReportedGap['reason'] | 'none',
  ): void | Promise<void>;
  /** A segment has been read to its end. */
  count(statistics: Readonly<DepacketizerStatistics>): void;
  /** No more frames come: the one held back is written. */
  finish(): void;
  report(): MediaReport;
  findings(): Finding[];
}
