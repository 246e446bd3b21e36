interface TrackEntryCommon {
  readonly name?: string;
  /** ISO 639-2, `eng`. Default: undetermined. */
  readonly language?: string | undefined;
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
