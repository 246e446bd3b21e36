import type { CodedFrame } from '@rawreel/rtp';
import type { ClockPiece } from '../time/placed-run.ts';
import type { Boundary, TrackRun } from '../time/track-runs.ts';

/** A frame on the server's clock. */
export interface ClockedFrame {
  readonly frame: CodedFrame;
  readonly run: TrackRun;
  /** The stretch of its run's clock that it is on. */
  readonly clock: ClockPiece;
  readonly unixMs: number;
}

/** A frame in its place among the others of its track. */
export interface TimedFrame extends Omit<ClockedFrame, 'clock'> {
  /** Of its media clock there. */
  readonly msPerTick: number;
  /** Why there may be time without frames before it; `none` within a run. */
  readonly boundary: Boundary;
}
