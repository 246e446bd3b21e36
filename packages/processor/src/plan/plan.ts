import type { EntryLocation, SegmentTiming, TrackType } from '@rawreel/archive';
import type { Codec } from '@rawreel/rtp';
import type { TrackProblem } from '../track-problem.ts';
import type {
  ALIGN_POLICIES,
  COMPOSITE_FITS,
  COMPOSITE_LAYOUTS,
  CONTAINERS,
  GAP_POLICIES,
  MEDIA_CHOICES,
  MIX_LAYOUTS,
  OUTPUTS,
  PODCAST_FORMATS,
  PROXY_CODECS,
  PROXY_FPS,
  STEM_FORMATS,
  X264_PRESETS,
} from './choices.ts';
import type { CompositeFormat } from './composite-formats.ts';
import type { MixFormat } from './mix-formats.ts';
import type { SceneList, Size } from './scene-list.ts';
import type { TimelineFormat } from './timeline-formats.ts';

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

export type { CompositeFormat } from './composite-formats.ts';
export type { MixFormat } from './mix-formats.ts';
export type * from './scene-list.ts';
export type { TimelineFormat } from './timeline-formats.ts';

export type MixLayout = (typeof MIX_LAYOUTS)[number];

export type CompositeLayout = (typeof COMPOSITE_LAYOUTS)[number];

export type CompositeFit = (typeof COMPOSITE_FITS)[number];

export interface PlanRequest {
  readonly outputs: readonly (typeof OUTPUTS)[number][];
  /**
   * At most one of the three, of one id or several; an id that matches nothing is an error. They choose the individual and
   * muxed files; a mix beside such files is of everybody.
   */
  readonly userId?: string | readonly string[] | undefined;
  readonly sessionId?: string | readonly string[] | undefined;
  readonly trackId?: string | readonly string[] | undefined;
  readonly gaps?: GapPolicy | undefined;
  readonly dtx?: DtxPolicy | undefined;
  readonly align?: AlignPolicy | undefined;
  /**
   * How files are named: a template such as `{user}-{media}`, or one of `NAME_PRESETS`. Of two that would have one name, each gets its track id.
   * Default: the names that scripts of Stream's command line expect.
   */
  readonly name?: string | undefined;
  /**
   * The part of the call that individual and muxed files and mixes are made of, from the recording's zero: sound is cut between
   * packets, a mix to the sample. Pictures begin with the key frame that the first of them is decoded from, and the sound beside
   * them there, too; with `align: 'recording'`, where the zero is `fromMs`, with the next key frame. A composite has its own.
   */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly muxed?: MuxRequest | undefined;
  readonly mix?: MixRequest | undefined;
  readonly composite?: CompositeRequest | undefined;
  readonly editor?: EditorRequest | undefined;
  readonly podcast?: PodcastRequest | undefined;
}

export interface MuxRequest {
  /** Default: both. */
  readonly media?: MediaChoice | undefined;
  /** Default: MKV. */
  readonly container?: Container | undefined;
  /** What is spoken, as BCP 47 has it (`en`, `pt-BR`). Default: the files do not say. */
  readonly language?: string | undefined;
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
  /**
   * Packets that their sender calls quieter than this (RFC 6464) are silence, dBov: -50 leaves out what microphones hear while
   * nobody speaks. Default: all is heard.
   */
  readonly gateDbov?: number | undefined;
  /** Whether the sound of shared screens is in the mix. Default: true. */
  readonly screenshare?: boolean | undefined;
}

/** How a participant is called in a picture, and what stands for them while their camera is off. */
export interface DisplayName {
  readonly name?: string;
  /** Path of a picture; initials unless told. */
  readonly avatar?: string;
}

/** What is said from one moment to another, in ms since the beginning of what was heard. */
export interface Caption {
  readonly startMs: number;
  readonly endMs: number;
  /** One line or several; plain text. */
  readonly text: string;
  /** As they are called. */
  readonly speaker?: string | undefined;
  readonly userId?: string | undefined;
}

export interface Captions {
  /** As BCP 47 has it, `en` or `en-US`. */
  readonly language?: string | undefined;
  readonly cues: readonly Caption[];
}

export type X264Preset = (typeof X264_PRESETS)[number];

/** One video of the call. Colours are `#rrggbb`. */
export interface CompositeRequest {
  /** Default: `auto`. */
  readonly layout?: CompositeLayout | undefined;
  /** Default: MP4, which is H.264 and AAC. WebM is VP9 and Opus, MKV H.264 and Opus. */
  readonly format?: CompositeFormat | undefined;
  /** Default: 1280 × 720. */
  readonly size?: Size | undefined;
  /** Default: 25. */
  readonly fps?: number | undefined;
  readonly fit?: CompositeFit | undefined;
  /** Most people seen at a time. Default: 16. */
  readonly places?: number | undefined;
  /** Of a grid. Default: as many as make tiles largest. */
  readonly columns?: number | undefined;
  readonly background?: string | undefined;
  /** Colour of the border around whoever speaks; none where false. */
  readonly speakerBorder?: string | false | undefined;
  /** Whether names are shown. Default: true. */
  readonly labels?: boolean | undefined;
  readonly title?: string | undefined;
  /** Path of a picture for a corner. */
  readonly logo?: string | undefined;
  /** From the recording's zero; what is before and behind is not in the film. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only these are seen and heard. */
  readonly users?: readonly string[] | undefined;
  /** All but these. */
  readonly without?: readonly string[] | undefined;
  /** These are heard, and seen blurred. */
  readonly blur?: readonly string[] | undefined;
  /** By user id. */
  readonly names?: Readonly<Record<string, DisplayName>> | undefined;
  /** Scenes of an earlier run, perhaps edited: they are shown as they are. */
  readonly scenes?: SceneList | undefined;
  /** What is said, from the recording's zero, as `readTranscription` reads it: a track that players can show. */
  readonly captions?: Captions | undefined;
  /** False makes the scenes only, and no film. */
  readonly film?: boolean | undefined;
  /** ffmpeg's name of another encoder for H.264, such as `h264_videotoolbox`. */
  readonly encoder?: string | undefined;
  /** Of x264. Default: `veryfast`. */
  readonly preset?: X264Preset | undefined;
}

/** What a program that edits video takes. */
export interface EditorRequest {
  /** Pictures a second. Default: 25. */
  readonly fps?: (typeof PROXY_FPS)[number] | undefined;
  /** Default: H.264 with AAC in MP4; ProRes is with PCM in MOV. */
  readonly codec?: (typeof PROXY_CODECS)[number] | undefined;
  /** Of all proxies. Default: 1280 × 720. */
  readonly size?: Size | undefined;
  /** By user id. */
  readonly names?: Readonly<Record<string, DisplayName>> | undefined;
}

/** What a podcast is published with, and edited from. */
export interface PodcastRequest {
  /** Default: FLAC. */
  readonly stems?: (typeof STEM_FORMATS)[number] | undefined;
  /** Of the mix. Default: MP3. */
  readonly format?: (typeof PODCAST_FORMATS)[number] | undefined;
  /** Default: −16. */
  readonly loudnessLufs?: number | undefined;
  /** By user id. */
  readonly names?: Readonly<Record<string, DisplayName>> | undefined;
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
  /** ISO 639-2 */
  readonly language?: string;
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
  readonly gateDbov?: number;
  /** Present where it has chapters: who comes and goes, by these names. */
  readonly chapters?: { readonly names: Readonly<Record<string, DisplayName>> };
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

/** What is seen of a call and how, decided: as the request has it, with its defaults. */
export interface CompositeLook {
  readonly layout: CompositeLayout;
  readonly size: Size;
  readonly fps: number;
  readonly fit: CompositeFit;
  readonly places: number;
  readonly columns?: number;
  readonly background: string;
  readonly speakerBorder: string | false;
  readonly labels: boolean;
  readonly title?: string;
  readonly logo?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly blur: readonly string[];
  readonly names: Readonly<Record<string, DisplayName>>;
  readonly scenes?: SceneList;
}

/** One video of the call. */
export interface CompositeOutput extends PlannedFile {
  readonly kind: 'composite';
  readonly format: CompositeFormat;
  readonly look: CompositeLook;
  readonly captions?: Captions;
  readonly encoder?: string;
  readonly preset: string;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

/** What is said in a composite, as WebVTT beside it. */
export interface CaptionsOutput extends PlannedFile {
  readonly kind: 'captions';
  readonly look: CompositeLook;
  readonly captions: Captions;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

/** The chapters of a composite, as WebVTT beside it. */
export interface ChaptersOutput extends PlannedFile {
  readonly kind: 'chapters';
  readonly look: CompositeLook;
  readonly captions?: Captions;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

/** Who is seen where and when in a composite, as JSON. */
export interface ScenesOutput extends PlannedFile {
  readonly kind: 'scenes';
  readonly look: CompositeLook;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

/** A camera or a shared screen for an editor, and the sound beside it. */
export interface ProxyOutput extends PlannedFile {
  readonly kind: 'proxy';
  readonly format: 'mp4' | 'mov';
  readonly look: CompositeLook;
  /** Numbers of its tracks in the plan, the picture first. */
  readonly tracks: readonly number[];
}

/** All sound of one user, or of what they share, for an editor: 48 kHz. */
export interface StemOutput extends PlannedFile {
  readonly kind: 'stem';
  readonly format: (typeof STEM_FORMATS)[number];
  readonly name: string;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

/** What is told of the proxies and stems of a plan to a program that edits, or to who publishes. */
export interface TimelineOutput extends PlannedFile {
  readonly kind: 'timeline';
  readonly format: TimelineFormat;
  readonly fps: number;
  readonly size: Size;
  readonly names: Readonly<Record<string, DisplayName>>;
  /** Numbers of the tracks in the plan. */
  readonly tracks: readonly number[];
}

export type PlannedOutput =
  | TrackOutput
  | MuxedOutput
  | MixOutput
  | VoiceOutput
  | TurnsOutput
  | CompositeOutput
  | CaptionsOutput
  | ChaptersOutput
  | ScenesOutput
  | ProxyOutput
  | StemOutput
  | TimelineOutput;

/** A part of a call, from the recording's zero. */
export interface Cut {
  /** Absent: from the beginning. */
  readonly fromMs?: number;
  /** Absent: to the end. */
  readonly toMs?: number;
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
  /** The part that files of frames and mixes are made of; absent where it is all of the recording. */
  readonly cut?: Cut;
  /** Every track that an output needs, each read once for all of them; and the sound beside pictures, for their time. */
  readonly tracks: readonly PlannedTrack[];
  readonly outputs: readonly PlannedOutput[];
  /** Of the archive as a whole, found when it was opened, and of what was asked for. */
  readonly problems: readonly TrackProblem[];
}

/** Numbers of the tracks that an output is made from. */
export const tracksOf = (output: PlannedOutput): readonly number[] =>
  'tracks' in output ? output.tracks : [output.track];
