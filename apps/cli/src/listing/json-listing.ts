import type { ArchiveProblem, Recording, Segment, Track } from '@rawreel/archive';
import type { IdKind } from '../declare/option.ts';

export function tracksOfKind(recording: Recording, kind: 'audio' | 'video' | undefined): readonly Track[] {
  return kind === undefined ? recording.tracks : recording.tracks.filter((track) => track.kind === kind);
}

/** Sorted, each once. */
export function idsOf(tracks: readonly Track[], kind: IdKind): string[] {
  const idOf = { users: 'userId', sessions: 'sessionId', tracks: 'trackId' } as const;
  return [...new Set(tracks.map((track) => track[idOf[kind]]))].sort();
}

export interface ListedSegment {
  readonly baseFilename: string;
  readonly codec: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  /** Inflated size of the rtpdump; null where the archive lacks it. */
  readonly dumpBytes: number | null;
  readonly hasSdp: boolean;
  readonly maxFrameDimension: { readonly width: number; readonly height: number } | null;
}

export interface ListedTrack {
  readonly callType: string;
  readonly callId: string;
  readonly callSessionId: string;
  /** RFC 3339 in UTC with milliseconds, as all times here; null where the archive does not tell. */
  readonly callStartTime: string | null;
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: string;
  readonly trackKind: 'audio' | 'video';
  readonly isScreenshare: boolean;
  readonly codec: string;
  readonly segmentCount: number;
  readonly trackStartTime: string | null;
  readonly trackEndTime: string | null;
  readonly segments: readonly ListedSegment[];
}

/** What `--format json` prints. */
export interface Listing {
  readonly tracks: readonly ListedTrack[];
  readonly userIds: readonly string[];
  readonly sessions: readonly string[];
  readonly problems: readonly ArchiveProblem[];
}

export function listingOf(recording: Recording, tracks: readonly Track[]): Listing {
  return {
    tracks: tracks.map((track) => listedTrack(track, recording.callStartMs)),
    userIds: idsOf(tracks, 'users'),
    sessions: idsOf(tracks, 'sessions'),
    problems: recording.problems,
  };
}

function listedTrack(track: Track, callStartMs: number | undefined): ListedTrack {
  return {
    callType: track.callType,
    callId: track.callId,
    callSessionId: track.callSessionId,
    callStartTime: time(callStartMs),
    userId: track.userId,
    sessionId: track.sessionId,
    trackId: track.trackId,
    trackType: track.trackType,
    trackKind: track.kind,
    isScreenshare: track.screenshare,
    codec: track.codec,
    segmentCount: track.segments.length,
    trackStartTime: time(track.startsAtMs),
    trackEndTime: time(track.endsAtMs),
    segments: track.segments.map(listedSegment),
  };
}

function listedSegment({ base, codec, timing, dump, sdp }: Segment): ListedSegment {
  return {
    baseFilename: base,
    codec,
    startTime: time(timing.firstRtpUnixMs),
    endTime: time(timing.lastRtpUnixMs),
    dumpBytes: dump?.size ?? null,
    hasSdp: sdp !== undefined,
    maxFrameDimension: timing.maxFrameDimension ?? null,
  };
}

/** The greatest date that a Date can hold bounds what metadata may claim. */
function time(unixMs: number | undefined): string | null {
  if (unixMs === undefined || !(Math.abs(unixMs) <= 8.64e15)) return null;
  return new Date(unixMs).toISOString();
}
