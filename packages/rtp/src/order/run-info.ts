export type RunReason = 'start' | 'ssrc-change' | 'sequence-reset' | 'clock-jump';

/** A stretch of packets whose clocks fit together. */
export interface RunInfo {
  /** Counted from 0, as in `MediaPacket.run`. */
  readonly index: number;
  readonly ssrc: number;
  readonly reason: RunReason;
  /** Of its first packet. */
  readonly firstRtpTicks: number;
  /** Receive time of its first packet, ms since the dump's start. */
  readonly firstReceivedMs: number;
  /**
   * Same SSRC as the run before: the ticks of both are unwrapped in one space, so the distance between them tells
   * whether the media clock went on. False for the first run.
   */
  readonly continuesTicks: boolean;
}
