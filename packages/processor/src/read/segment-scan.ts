import type { Codec, StreamStatistics } from '@rawreel/rtp';
import type { PlannedSegment } from '../plan/plan.ts';
import type { RunScan } from '../time/run-scan.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { CopiedFrames } from './copied-frames.ts';

/** A stretch of time that was received and is not in the dump, unix ms. */
export interface LostTail {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What one reading of a dump tells, before anything is written. */
export interface SegmentScan {
  readonly segment: PlannedSegment;
  readonly runs: readonly RunScan[];
  readonly statistics: Readonly<StreamStatistics> | undefined;
  /** True when an Opus packet of it is stereo. */
  readonly stereo: boolean;
  /** Why there is no media in it although something was sent, where a scan can tell: of video it knows packets, not frames. */
  readonly unusable?: string | undefined;
  /** What was received behind its last packet, as the metadata tells. */
  readonly lostTail?: LostTail | undefined;
  /** SSRCs of the layers that its camera sent side by side (simulcast); none where it sent one stream at a time. */
  readonly layers: readonly number[];
  /** Codecs of the same kind that the SDP names and packets have as well. */
  readonly otherCodecs: readonly Codec[];
  /** Copy of the inflated bytes, where one was made. */
  readonly spool?: string | undefined;
  /** Copy of the frames, where one was made instead. */
  readonly frames?: CopiedFrames | undefined;
  readonly problems: readonly TrackProblem[];
}
