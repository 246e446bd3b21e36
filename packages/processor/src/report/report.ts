import type { Codec, Rotation } from '@rawreel/rtp';
import type { Cut, TurnsFormat } from '../plan/plan.ts';
import type { TimelineFormat } from '../plan/timeline-formats.ts';
import type { TranscriptFormat } from '../plan/transcript-formats.ts';
import type { TrackClock } from '../time/track-clock.ts';
import type { TrackProblem } from '../track-problem.ts';

export type { TrackProblem } from '../track-problem.ts';

/** Time without packets of the source, on the file's own clock. */
export interface ReportedGap {
  readonly startMs: number;
  readonly endMs: number;
  readonly reason:
    | 'before-start'
    | 'between-segments'
    | 'segment-missing'
    | 'tail-missing'
    | 'loss'
    | 'source-silent';
  readonly filledWith: 'silence' | 'black' | 'nothing';
}

export interface PacketCounts {
  readonly received: number;
  readonly lost: number;
  readonly late: number;
  readonly duplicate: number;
  readonly reordered: number;
  readonly recovered: number;
  readonly padding: number;
  readonly foreign: number;
  readonly malformed: number;
}

/** What was done about a sound card whose clock does not run as the call clock does. */
export interface ReportedDrift {
  /** The card made more samples than there was time for. */
  readonly packetsLeftOut: number;
  /** The card made fewer samples than there was time for. */
  readonly packetsAdded: number;
}

/** What reading a file back and decoding it has shown; one that is not what its source asks for is not kept. */
export interface Verified {
  /** Frames of its tracks that are in it, byte by byte and in their time; 0 where all of it was encoded anew. */
  readonly frames: number;
  /** False where a decoder complains of a track as much without the file: problems name it. */
  readonly decodes: boolean;
}

/** What every output has. */
export interface OutputFacts {
  /** File name inside the output folder. */
  readonly path: string;
  /** Absolute time of the file's zero, RFC 3339 with milliseconds. */
  readonly startsAt: string;
  /** From the recording's zero to the file's zero. */
  readonly offsetMs: number;
  readonly durationMs: number;
  readonly byteLength: number;
  readonly sha256: string;
  /** Of a run that verifies. */
  readonly verified?: Verified;
  /** The part of the recording that it was to be made of; absent where that is all of it. */
  readonly cut?: Cut;
}

/** One track as it came into a file. */
export interface ReportedTrack {
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: string;
  readonly codec: Codec;
  readonly frames: number;
  /** Video only: sizes in the order they appear; the first is the container's. */
  readonly sizes?: readonly { readonly width: number; readonly height: number }[];
  readonly rotation?: Rotation;
  /** Audio only. */
  readonly channels?: 1 | 2;
  readonly packets: PacketCounts;
  /** Video frames left out because something they need was lost. */
  readonly framesLeftOut?: {
    readonly incomplete: number;
    readonly undecodable: number;
    readonly beforeKeyFrame: number;
  };
  /** Audio made up: how much, and why. */
  readonly concealed?: { readonly dtxMs: number; readonly lossMs: number; readonly silenceMs: number };
  /** Audio only, where packets were left out or added. */
  readonly drift?: ReportedDrift;
  readonly gaps: readonly ReportedGap[];
  readonly segments: number;
  /** What its place in time rests on. */
  readonly clock: TrackClock;
}

/** What of a track only one kind of media can say. */
export type MediaReport = Pick<
  ReportedTrack,
  'frames' | 'gaps' | 'channels' | 'concealed' | 'drift' | 'sizes' | 'rotation' | 'framesLeftOut'
>;

export interface ReportedTrackFile extends OutputFacts, ReportedTrack {
  readonly kind: 'audio' | 'video';
}

export interface ReportedMuxedFile extends OutputFacts {
  readonly kind: 'muxed';
  readonly userId: string;
  readonly sessionId: string;
  readonly tracks: readonly (ReportedTrack & { readonly kind: 'audio' | 'video' })[];
}

export interface ReportedMix extends OutputFacts {
  readonly kind: 'mix';
  readonly channels: number;
  /** Of a mix that keeps users apart: whose each channel of WAV, or each track of MKV, is. */
  readonly users?: readonly string[];
  /** Loudest sample of the sum before it was limited; absent where all is silence. */
  readonly peakDbfs?: number;
  /** How long the limiter was at work. */
  readonly limitedMs: number;
  /** Of a mix with a gate: packets that their sender called quieter are silence in it. */
  readonly gateDbov?: number;
  /** Of its sound so much, 0 to 1, was left out by the gate; absent where there is none. */
  readonly tracks: readonly (HeardTrack & { readonly gatedShare?: number })[];
}

/** A track that was decoded or judged, but is not in the file as it is. */
export type HeardTrack = Pick<ReportedTrack, 'userId' | 'sessionId' | 'trackId' | 'trackType'>;

/** All that one user said, 16 kHz mono; its zero is that of all voices. */
export interface ReportedVoice extends OutputFacts {
  readonly kind: 'voice';
  readonly userId: string;
  readonly tracks: readonly HeardTrack[];
}

/** Who spoke when, counted from the zero of the voices; as long as the longest of them. */
export interface ReportedTurns extends OutputFacts {
  readonly kind: 'turns';
  readonly format: TurnsFormat;
  /** How many users spoke. */
  readonly speakers: number;
  readonly turns: number;
  readonly tracks: readonly HeardTrack[];
}

/** One video of the call. */
export interface ReportedComposite extends OutputFacts {
  readonly kind: 'composite';
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly pictures: number;
  readonly scenes: number;
  readonly chapters: number;
  readonly tracks: readonly HeardTrack[];
}

/** What is said in a composite, on its clock. */
export interface ReportedCaptions extends OutputFacts {
  readonly kind: 'captions';
  readonly language?: string;
  readonly cues: number;
  readonly tracks: readonly HeardTrack[];
}

/** What happens in a composite, for players to jump to. */
export interface ReportedChapters extends OutputFacts {
  readonly kind: 'chapters';
  readonly chapters: number;
  readonly tracks: readonly HeardTrack[];
}

/** Who is seen where and when in a composite. */
export interface ReportedScenes extends OutputFacts {
  readonly kind: 'scenes';
  readonly scenes: number;
  readonly tracks: readonly HeardTrack[];
}

/** A camera or a shared screen for an editor: so many pictures a second of one size from the call's zero on, with its sound. */
export interface ReportedProxy extends OutputFacts {
  readonly kind: 'proxy';
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly pictures: number;
  /** While the camera is on; between them it is black. */
  readonly on: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly tracks: readonly HeardTrack[];
}

/** All sound of one user for an editor, from the call's zero to its end. */
export interface ReportedStem extends OutputFacts {
  readonly kind: 'stem';
  readonly userId: string;
  readonly channels: number;
  readonly tracks: readonly HeardTrack[];
}

/** What programs that edit, and who publishes, are told of the proxies, stems and mixes beside it. */
export interface ReportedTimeline extends OutputFacts {
  readonly kind: 'timeline';
  readonly format: TimelineFormat;
  readonly clips: number;
  readonly markers: number;
  readonly tracks: readonly HeardTrack[];
}

/** What was said in the call, with speakers, counted from the recording's zero. */
export interface ReportedTranscript extends OutputFacts {
  readonly kind: 'transcript';
  readonly format: TranscriptFormat;
  /** Where everybody's is the same. */
  readonly language?: string;
  readonly speakers: number;
  readonly utterances: number;
  readonly tracks: readonly HeardTrack[];
}

export type ReportedFile =
  | ReportedTrackFile
  | ReportedMuxedFile
  | ReportedMix
  | ReportedVoice
  | ReportedTurns
  | ReportedComposite
  | ReportedCaptions
  | ReportedChapters
  | ReportedScenes
  | ReportedProxy
  | ReportedStem
  | ReportedTimeline
  | ReportedTranscript;

/** What is told of a call in a file under a name of somebody's choice: in the manifest only. */
export interface ManifestedInspection extends OutputFacts {
  readonly kind: 'inspection';
  readonly format: 'html' | 'pcapng' | 'csv';
}

/** A recording without what was seen and heard in it, under such a name. */
export interface ManifestedScrub extends OutputFacts {
  readonly kind: 'scrubbed';
  readonly format: 'zip';
}

export interface FailedOutput {
  readonly path: string;
  readonly kind: ReportedFile['kind'];
  /** Absent for what is made of all: a mix, turns, a composite and its scenes. */
  readonly userId?: string;
  readonly sessionId?: string;
  /** Absent for what is made of several tracks. */
  readonly trackId?: string;
  readonly code: string;
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly hint?: string;
}

export interface Report {
  readonly source: string;
  readonly files: readonly ReportedFile[];
  /** Of the files, those that an earlier run had made already. */
  readonly alreadyMade: readonly string[];
  /** Outputs that could not be made. */
  readonly failures: readonly FailedOutput[];
  /** Of the archive and of every track that was read. */
  readonly problems: readonly TrackProblem[];
  /** True when any problem is damage. */
  readonly damaged: boolean;
  readonly elapsedMs: number;
}
