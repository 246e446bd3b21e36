/**
 * Where bytes go. Synchronous sinks return nothing and cost no turn of the event loop.
 * The bytes are lent: they may be overwritten once the call returned, or once its promise settled.
 */
export interface ByteSink {
  /** Appends. */
  write(bytes: Uint8Array): void | Promise<void>;
  /** Overwrites bytes written before; absent where the output can only be appended to. */
  writeAt?(position: number, bytes: Uint8Array): void | Promise<void>;
}

interface TrackEntryCommon {
  readonly name?: string;
  /** Raw CodecPrivate: OpusHead, avcC, av1C. These three codecs cannot be decoded without it, so it must be there. */
  readonly codecPrivate?: Uint8Array | undefined;
  /** Tags that target this track: SimpleTag name → value. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface AudioTrackEntry extends TrackEntryCommon {
  readonly kind: 'audio';
  readonly codecId: 'A_OPUS' | 'A_PCM/INT/LIT';
  readonly channels: number;
  readonly samplingFrequency: number;
  /** Bits per sample, which PCM cannot be decoded without. */
  readonly bitDepth?: number;
}

export interface VideoTrackEntry extends TrackEntryCommon {
  readonly kind: 'video';
  readonly codecId: 'V_VP8' | 'V_VP9' | 'V_MPEG4/ISO/AVC' | 'V_AV1';
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  /** Degrees clockwise that a player turns the picture. Written as ProjectionPoseRoll where the DocType allows it. */
  readonly rotation?: 0 | 90 | 180 | 270 | undefined;
}

export type TrackEntry = AudioTrackEntry | VideoTrackEntry;

export interface MatroskaOptions {
  readonly docType: 'matroska' | 'webm';
  /** Track numbers are 1, 2, … in this order. */
  readonly tracks: readonly TrackEntry[];
  readonly writingApp: string;
  readonly title?: string;
  /** Absolute time of timestamp 0: DateUTC. Unix ms. */
  readonly startsAtMs?: number;
  /** Tags of the whole segment. */
  readonly tags?: Readonly<Record<string, string>>;
}

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
