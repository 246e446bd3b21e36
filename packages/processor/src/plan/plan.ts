import type { ArchiveProblem, EntryLocation, SegmentTiming, TrackType } from '@rawreel/archive';
import type { Codec } from '@rawreel/rtp';

/** What happens to time without packets between two segments (mute, reconnect, missing dump). */
export type GapPolicy =
  /** Silence and black frames, so that every player shows the time. */
  | 'fill'
  /** Nothing is written: the gap stands in the timestamps. */
  | 'keep';

/** What happens to silence that an Opus sender did not send (DTX). */
export type DtxPolicy =
  /** The decoder is asked to conceal, frame by frame. */
  | 'fill'
  /** Nothing is written: the gap stands in the timestamps. */
  | 'keep';

/** Where an output's time 0 lies. */
export type AlignPolicy =
  /** At the track's own first packet. */
  | 'track'
  /** At the recording's zero: files of different participants can be laid on one timeline as they are. */
  | 'recording';

export interface PlanRequest {
  readonly outputs: readonly ('audio' | 'video')[];
  /** At most one of the three; an id that matches nothing is an error. */
  readonly userId?: string;
  readonly sessionId?: string;
  readonly trackId?: string;
  readonly gaps?: GapPolicy;
  readonly dtx?: DtxPolicy;
  readonly align?: AlignPolicy;
}

/** One segment as a worker needs it: plain values only. */
export interface PlannedSegment {
  readonly base: string;
  /** Absent where neither metadata nor SDP names a known one: the segment is then a gap. */
  readonly codec?: Codec;
  readonly timing: SegmentTiming;
  readonly dump?: EntryLocation;
  readonly sdp?: string;
}

export interface PlannedTrack {
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: TrackType;
  readonly kind: 'audio' | 'video';
  readonly screenshare: boolean;
  readonly segments: readonly PlannedSegment[];
}

export interface PlannedOutput {
  readonly kind: 'audio' | 'video';
  /** File name inside the output folder: safe on Linux, macOS and Windows. */
  readonly file: string;
  readonly track: PlannedTrack;
}

/** All that a run will do, as a plain value: it can be printed, stored and run elsewhere. */
export interface Plan {
  readonly version: 1;
  readonly source: string;
  readonly call: {
    readonly type: string;
    readonly id: string;
    readonly sessionId: string;
    readonly startMs?: number;
  };
  /** The call clock's zero, unix ms; absent where the metadata has no usable time: the run then takes the earliest dump's. */
  readonly zeroUnixMs?: number;
  readonly gaps: GapPolicy;
  readonly dtx: DtxPolicy;
  readonly align: AlignPolicy;
  readonly outputs: readonly PlannedOutput[];
  /** Of the archive as a whole, found when it was opened. */
  readonly problems: readonly ArchiveProblem[];
}
