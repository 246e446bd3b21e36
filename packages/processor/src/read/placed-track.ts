import type { Codec } from '@rawreel/rtp';
import type { PlannedTrack } from '../plan/plan.ts';
import type { TrackClock } from '../time/track-clock.ts';
import type { TrackRun } from '../time/track-runs.ts';
import type { SegmentScan } from './segment-scan.ts';

/** A scanned track on the server's clock: all that is needed to read its frames in time. A plain value. */
export interface PlacedTrack {
  readonly track: PlannedTrack;
  /** Of all its segments. */
  readonly codec: Codec;
  readonly scans: readonly SegmentScan[];
  /** In the order of time; at least one. */
  readonly runs: readonly TrackRun[];
  readonly clock: TrackClock;
  /** The only part of it that is read; absent where all of it is. */
  readonly window?: { readonly fromMs: number; readonly untilMs: number };
}
