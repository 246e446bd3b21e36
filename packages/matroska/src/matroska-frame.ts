/** Bytes that lie somewhere else, in a file perhaps: they take no memory before they are copied into their cluster. */
export interface StoredBytes {
  readonly length: number;
  /** Puts all of them there. What it throws, `addFrame` or `finish` throws. */
  copyTo(target: Uint8Array, at: number): void;
}

export type FrameBytes = Uint8Array | StoredBytes;

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
  readonly chunks: readonly FrameBytes[];
  /**
   * How long the frame lasts, where the next frame does not tell: the last one of a track, or one before a gap.
   * Written as BlockDuration; the file's Duration counts it. Unset for all others: such blocks are smaller.
   */
  readonly durationMs?: number;
}
