import type { ArchiveProblem } from '@rawreel/archive';

/** A damaged or odd place met while a track was read. */
export interface TrackProblem {
  readonly code:
    | ArchiveProblem['code']
    | 'DUMP_NOT_RTPDUMP'
    | 'DUMP_TRUNCATED'
    | 'DUMP_GARBAGE_RECORDS'
    | 'DUMP_CUT_RECORDS'
    | 'DUMP_INVALID_PACKETS'
    | 'DUMP_NO_RECORDS'
    | 'DUMP_NO_MEDIA'
    | 'SEGMENTS_OVERLAP'
    | 'SIMULCAST'
    | 'CUT_AT_KEY_FRAME'
    | 'TIME_UNCONFIRMED'
    | 'FILLING_BOUNDED'
    | 'FILLER_UNAVAILABLE'
    | 'ROTATION_CHANGES'
    | 'SPOOL_NO_ROOM'
    | 'DISK_NEARLY_FULL'
    | 'MANIFEST_NOT_WRITTEN'
    | 'TRACK_UNPAIRED'
    | 'TRACK_NOT_MIXED'
    | 'TRACK_UNDECODABLE'
    | 'TRACK_NOT_MUXED'
    | 'TRACK_NOT_SEEN'
    | 'NOT_DRAWN'
    | 'CODEC_CHANGES';
  readonly severity: 'damage' | 'notice';
  readonly message: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly trackId?: string;
  readonly segment?: string;
  readonly entry?: string;
}

/** A problem before it is known whose it is. */
export type Finding = Pick<TrackProblem, 'code' | 'severity' | 'message'>;
