import type { EntryLocation, SegmentTiming, TrackType } from '@rawreel/archive';
import type { Codec } from '@rawreel/rtp';
import type { TrackProblem } from '../track-problem.ts';
import type {
  ALIGN_POLICIES,
  CONTAINERS,
  GAP_POLICIES,
  MEDIA_CHOICES,
  MIX_LAYOUTS,
  OUTPUTS,
} from './choices.ts';
import type { MixFormat } from './mix-formats.ts';

export type GapPolicy = (typeof GAP_POLICIES)[number];

/** What happens to silence that an Opus sender did not send (DTX). */
export type DtxPolicy =
  /** The decoder is asked to conceal, frame by frame. */
  | 'fill'
  /** Nothing is written: the gap stands in the timestamps. */
  | 'keep';

export type AlignPolicy = (typeof ALIGN_POLICIES)[number];

export type Container = (typeof CONTAINERS)[number];

export type MediaChoice = (typeof MEDIA_CHOICES)[number];

/** How it is written who spoke when. */
export type TurnsFormat = 'json' | 'rttm' | 'vtt';

export type { MixFormat } from './mix-formats.ts';

export type MixLayout = (typeof MIX_LAYOUTS)[number];

export interface PlanRequest {
  readonly outputs: readonly (typeof OUTPUTS)[number][];
  /**
   * At most one of the three; an id that matches nothing is an error. They choose the individual and muxed files; a mix
   * beside such files is of everybody.
   */
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly trackId?: string | undefined;
  readonly gaps?: GapPolicy | undefined;
  readonly dtx?: DtxPolicy | undefined;
  readonly align?: AlignPolicy | undefined;
  readonly muxed?: MuxRequest | undefined;
  readonly mix?: MixRequest | undefined;
}

export interface MuxRequest {
  /** Default: both. */
  readonly media?: MediaChoice | undefined;
  /** Default: MKV. */
  readonly container?: Container | undefined;
  /** A track without a partner gets a file of its own too. */
  readonly includeSingle?: boolean | undefined;
}

export interface MixRequest {
  /** Default: MP3. */
  readonly format?: MixFormat | undefined;
  /** Default: stereo where a track is stereo, mono otherwise. */
  readonly layout?: MixLayout | undefined;
  readonly bitrateKbps?: number | undefined;
  /** Integrated loudness to reach (EBU R128). Default: unchanged. */
  readonly loudnessLufs?: number | undefined;
  /** Whether the sound of shared screens is in the mix. Default: true. */
  readonly screenshare?: boolean | undefined;
}

/** One segment as a worker needs it: plain values only. */
export interface PlannedSegment {
  readonly base: string;
  /** Absent where neither metadata nor SDP names a known one: the segment is then a gap. */
  readonly codec?: Codec;
  /** MIME type of a codec that nothing can be made of. */
  readonly unsupportedCodec?: string;
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
  /**
   * Its codec is not that of the segments, but another that their SDP names: a file is made where the sender changed to it
   * within a segment, which only the packets tell.
   */
  readonly ifSent?: true;
}

interface PlannedFile {
  /** File name inside the output folder: safe on Linux, macOS and Windows. */
  readonly file: string;
}

/** One track as it is. */
export interface TrackOutput extends PlannedFile {
  readonly kind: 'audio' | 'video';
  /** Number of the track in the plan. */
  readonly track: number;
}

/** Sound and picture of one participant, or one of them where it has no partner. */
export interface MuxedOutput extends PlannedFile {
  readonly kind: 'muxed';
  readonly container: Container;
  /** Numbers of one or two tracks in the plan, the picture first. */
  readonly tracks: readonly number[];
}

/** All voices in one file. */
export interface MixOutput extends PlannedFile {
  readonly kind: 'mix';
  readonly format: MixFormat;
  /** Absent: mono, or stereo where a track is. */
  readonly layout?: MixLayout;
  readonly bitrateKbps?: number;
  readonly loudnessLufs?: number;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

/** All that one user said, for speech-to-text: 16 kHz mono FLAC. All voices of a run begin at the same zero. */
export interface VoiceOutput extends PlannedFile {
  readonly kind: 'voice';
  /** Numbers of the user's microphone tracks in the plan, of all sessions. */
  readonly tracks: readonly number[];
}

/** Who spoke when, counted from the zero of the voices. */
export interface TurnsOutput extends PlannedFile {
  readonly kind: 'turns';
  readonly format: TurnsFormat;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

export type PlannedOutput = TrackOutput | MuxedOutput | MixOutput | VoiceOutput | TurnsOutput;

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
  /** Every track that an output needs, each read once for all of them; and the sound beside pictures, for their time. */
  readonly tracks: readonly PlannedTrack[];
  readonly outputs: readonly PlannedOutput[];
  /** Of the archive as a whole, found when it was opened, and of what was asked for. */
  readonly problems: readonly TrackProblem[];
}

/** Numbers of the tracks that an output is made from. */
export const tracksOf = (output: PlannedOutput): readonly number[] =>
  'tracks' in output ? output.tracks : [output.track];
