export interface MatroskaFrame {
  /** Milliseconds since the file's zero, not negative; fractions are rounded once, here. */
  readonly timestampMs: number;
  readonly keyFrame: boolean;
  /**
   * Decoded behind frames that are shown after it (a B-frame), within the last 2 s: its time is the smaller one. Its block
   * stands in the order of decoding.
   */
  readonly shownEarlier?: boolean | undefined;
  /**
   * The frame's bytes in order. Views will do: they are read once, before `addFrame` returns or settles in a file of one
   * track, at the latest when `finish` settles in one of several. Until then they must not be overwritten.
   */
  readonly chunks: readonly Uint8Array[];
  /**
   * How long the frame lasts, where the next frame does not tell: the last one of a track, or one before a gap.
   * Written as BlockDuration; the file's Duration counts it. Unset for all others: such blocks are smaller.
   */
  readonly durationMs?: number;
}
