import type { TrackKind, TrackType } from './metadata/track-types.ts';

/**
 * A damaged or odd place in the archive. `damage`: bytes are missing or broken, so an output made from here is not
 * whole. `notice`: odd, but nothing that was recorded is missing because of it.
 */
export interface ArchiveProblem {
  readonly code: ArchiveProblemCode;
  readonly severity: 'damage' | 'notice';
  /** One sentence for a person: what, where. Control characters of foreign names are escaped. */
  readonly message: string;
  readonly entry?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly trackId?: string;
  readonly segment?: string;
}

export type ArchiveProblemCode =
  | 'ARCHIVE_TRUNCATED'
  | 'ARCHIVE_TRAILING_DATA'
  | 'ENTRY_UNSAFE_NAME'
  | 'ENTRY_LINK'
  | 'ENTRY_TOO_LARGE'
  | 'ENTRY_DAMAGED'
  | 'ENTRIES_TOO_MANY'
  | 'ENTRY_DUPLICATE'
  | 'ENTRY_OVERLAP'
  | 'METADATA_UNREADABLE'
  | 'METADATA_TIMES_UNUSABLE'
  | 'SEGMENT_DUPLICATE'
  | 'DUMP_MISSING'
  | 'DUMP_UNLISTED'
  | 'DUMP_EMPTY'
  | 'SDP_MISSING'
  | 'CODEC_UNKNOWN'
  | 'CODEC_UNSUPPORTED'
  | 'CODEC_CONTRADICTED';

/** An archive that is one file. */
export type ArchiveKind = 'zip' | 'tar' | 'tar.gz';

/** What a recording comes as. */
export type ContainerKind = ArchiveKind | 'folder';

/** Where an entry's bytes lie: a plain value, so another thread or process can open it without reading the archive again. */
export type EntryLocation =
  | {
      readonly container: 'zip';
      readonly path: string;
      readonly name: string;
      /** Of the local file header. */
      readonly offset: number;
      readonly compression: 'stored' | 'deflated';
      readonly compressedSize: number;
      readonly size: number;
      readonly crc32: number;
    }
  | {
      readonly container: 'tar';
      readonly path: string;
      readonly name: string;
      readonly offset: number;
      readonly size: number;
    }
  /** No random access: opening inflates from the archive's start. `offset` counts inflated bytes. */
  | {
      readonly container: 'tar.gz';
      readonly path: string;
      readonly name: string;
      readonly offset: number;
      readonly size: number;
    }
  /** An entry of a folder, or one that opening the archive has spooled to a file of its own. */
  | {
      readonly container: 'file';
      readonly path: string;
      readonly name: string;
      readonly size: number;
      /** Device and inode of a folder's file as it was listed: another file in its place is not read. */
      readonly identity?: string | undefined;
    };

/** Times of a segment as the metadata gives them; absent where missing, null, 0 in a report field or not a number. */
export interface SegmentTiming {
  /** uint32 RTP timestamps of the first and last packet. */
  readonly firstRtpTimestamp?: number | undefined;
  readonly lastRtpTimestamp?: number | undefined;
  /** Server's clock, unix ms, when it received them. */
  readonly firstRtpUnixMs?: number | undefined;
  readonly lastRtpUnixMs?: number | undefined;
  /** uint32 RTP timestamps in the first and last sender report. */
  readonly firstReportRtpTimestamp?: number | undefined;
  readonly lastReportRtpTimestamp?: number | undefined;
  /** NTP times of those reports, unix ms on the participant's clock. */
  readonly firstReportNtpMs?: number | undefined;
  readonly lastReportNtpMs?: number | undefined;
  readonly firstKeyFrameOffsetMs?: number | undefined;
  readonly maxFrameDimension?: { readonly width: number; readonly height: number } | undefined;
}

/** One uninterrupted stretch of one track: an rtpdump and its SDP. */
export interface Segment {
  readonly base: string;
  /**
   * MIME type as the metadata spells it, or the SDP where that is silent or describes another one that was sent; what is
   * inside RED, not RED. Empty where neither tells.
   */
  readonly codec: string;
  readonly timing: SegmentTiming;
  /** Absent where the archive lacks it: the segment is then a gap. */
  readonly dump?: EntryLocation | undefined;
  readonly sdp?: string | undefined;
}

export interface Track {
  readonly callType: string;
  readonly callId: string;
  readonly callSessionId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: TrackType;
  readonly kind: TrackKind;
  readonly screenshare: boolean;
  /** Of its first segment that has one. */
  readonly codec: string;
  /** By first receive time, then base name. */
  readonly segments: readonly Segment[];
  /** Earliest first and latest last receive time of its segments, unix ms; absent where no segment has them. */
  readonly startsAtMs?: number | undefined;
  readonly endsAtMs?: number | undefined;
}

/** Which track: its id and, where several tracks share it, whose it is or its type. A `Track` says it of itself. */
export interface TrackIds {
  readonly trackId: string;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly trackType?: TrackType | undefined;
}

/** One connection of one user. */
export interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly tracks: readonly Track[];
}

export interface Recording {
  /** As given to openRecording. */
  readonly source: string;
  readonly container: { readonly kind: ContainerKind; readonly byteLength: number };
  readonly callType: string;
  readonly callId: string;
  readonly callSessionId: string;
  /** `call_start_time`, unix ms; absent where no metadata has it. */
  readonly callStartMs?: number | undefined;
  /** The call clock's zero: the earliest usable `first_rtp_unix_timestamp` of all metadata, unix ms. */
  readonly zeroUnixMs?: number | undefined;
  /** Sorted by user, then session. */
  readonly sessions: readonly Session[];
  /** Of all sessions, in their order: audio before video, then screen share, then start, then track id. */
  readonly tracks: readonly Track[];
  readonly problems: readonly ArchiveProblem[];
}
