import type { DelayPiece } from './delay-profile.ts';

/** A sender report of the followed stream. */
export interface ReportSample {
  /** RTP timestamp, unwrapped in its run's ticks. */
  readonly rtpTicks: number;
  /** The participant's clock, unix ms. */
  readonly ntpMs: number;
  /** Server's clock, unix ms; undefined for those that the metadata names. */
  readonly receivedMs?: number | undefined;
}

/** What a scan knows of one run: one SSRC without a reset of its numbers. */
export interface RunScan {
  readonly segment: number;
  readonly run: number;
  readonly ssrc: number;
  /** Of several that the segment's camera sent side by side (simulcast), which one; runs are counted in each. */
  readonly layer?: number | undefined;
  /** Whether its ticks are counted on from the run before it in the same segment. */
  readonly continuesTicks: boolean;
  readonly firstTicks: number;
  /** Where its last packet or frame ends, as far as its own duration is known. */
  readonly endTicks: number;
  /** Server's clock, unix ms. */
  readonly firstReceivedMs: number;
  readonly lastReceivedMs: number;
  readonly packets: number;
  /** In media order; at least one. */
  readonly pieces: readonly DelayPiece[];
  readonly reports: readonly ReportSample[];
  readonly reportsFrom: 'dump' | 'metadata';
}
