import type { TrackType } from '@rawreel/archive';
import type { Codec } from '@rawreel/rtp';
import type { Turn } from '../speech/speech-detector.ts';
import type { TrackClock } from '../time/track-clock.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { CAUSES } from './causes/names.ts';
import type { FreezeCounts } from './collect/freezes.ts';
import type { LossBurst } from './collect/loss-bursts.ts';
import type { RepairCounts } from './collect/observed.ts';
import type { RotationChange, SizeChange } from './collect/pictures.ts';
import type { Hole } from './collect/sound.ts';
import type { Stall } from './collect/source-arrivals.ts';

/** Of the JSON: a field that goes, or means something else, makes it higher; a field more does not. */
export const INSPECTION_VERSION = 1;

/**
 * What happened in a call, as its recording tells: measures of every track, and what they come of. All times are ms from the
 * recording's zero; those of packets are when they arrived.
 */
export interface Inspection {
  readonly version: typeof INSPECTION_VERSION;
  readonly call: {
    readonly type: string;
    readonly id: string;
    readonly sessionId: string;
    /** When the call began, as its metadata says. */
    readonly startsAt?: string;
  };
  /** The recording's zero, RFC 3339 with milliseconds. */
  readonly zeroAt: string;
  readonly durationMs: number;
  /** What people felt, in one sentence. */
  readonly headline: string;
  /** Of all microphones. */
  readonly speech: SpeechMeasures;
  readonly participants: readonly InspectedParticipant[];
  readonly tracks: readonly InspectedTrack[];
  /** What the measures come of, in the order of time. */
  readonly causes: readonly Cause[];
  readonly problems: readonly TrackProblem[];
}

export interface SpeechMeasures {
  readonly spokenMs: number;
  /** Of what was spoken: lost for good, or so late that a listener had a hole. */
  readonly impairedMs: number;
  readonly impairedShare: number;
}

export interface InspectedParticipant {
  readonly userId: string;
  readonly sessions: readonly {
    readonly sessionId: string;
    readonly fromMs: number;
    readonly untilMs: number;
  }[];
  readonly speech: SpeechMeasures;
  /** Of the camera. */
  readonly picture: { readonly shownMs: number; readonly frozenMs: number; readonly frozenShare: number };
}

/** Why something was as it was, with what says so. */
export interface Cause {
  readonly cause: (typeof CAUSES)[number];
  readonly confidence: 'high' | 'medium' | 'low';
  /** Absent where it is the call's, or several participants'. */
  readonly userId?: string;
  readonly sessionId?: string;
  readonly trackIds: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  /** Place in a composite, and in files that are aligned to the recording. */
  readonly offsetMs: number;
  /** When it happened, each time, where it happened several times. */
  readonly times: readonly { readonly fromMs: number; readonly untilMs: number }[];
  /** The measures that it was told by. */
  readonly evidence: Readonly<Record<string, number | string>>;
  readonly sentence: string;
}

export interface InspectedTrack {
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
  readonly trackType: TrackType;
  readonly kind: 'audio' | 'video';
  readonly screenshare: boolean;
  readonly codec: Codec;
  /** From being published to being muted, each. */
  readonly segments: readonly { readonly fromMs: number; readonly untilMs: number }[];
  /** Between segments: muted, or the camera off. */
  readonly mutedMs: number;
  readonly packets: {
    readonly received: number;
    /** Sequence numbers from first to last (RFC 3550 appendix A.3). */
    readonly expected: number;
    /** Of those, what did not come by itself; RFC 3550's count is less by the duplicates. */
    readonly lost: number;
    readonly lostShare: number;
    /** Never came, neither by itself nor by RTX, RED or FEC. */
    readonly unrepaired: number;
    readonly duplicate: number;
    readonly reordered: number;
    /** Came after its place had been given up. */
    readonly late: number;
    readonly padding: number;
    readonly foreign: number;
    readonly malformed: number;
    readonly reports: number;
  };
  /** RFC 3611 §4.7.2, with Gmin 16. Densities are shares of lost packets. */
  readonly bursts: {
    readonly count: number;
    readonly density: number;
    readonly meanMs: number;
    readonly gapDensity: number;
    readonly gapMeanMs: number;
    readonly list: readonly LossBurst[];
  };
  /** Interarrival jitter (RFC 3550 §6.4.1, appendix A.8), over packets. */
  readonly jitter: { readonly meanMs: number; readonly maxMs: number };
  /** Time from one packet to the next. */
  readonly delta: { readonly meanMs: number; readonly maxMs: number };
  /** Time in which nothing came for half a second or longer. */
  readonly stalls: readonly Stall[];
  readonly repairs: RepairCounts;
  /** Of all RTP packets, headers too. */
  readonly bitrate: { readonly meanKbps: number; readonly maxKbps: number };
  /** Above the least of the track, of each second's least delayed packet: what waited in the network's queues. */
  readonly delay: { readonly meanMs: number; readonly maxMs: number };
  readonly clock: TrackClock & {
    /** Places where the media clock stood or jumped. */
    readonly steps: number;
  };
  readonly sound?: SoundMeasures;
  readonly picture?: PictureMeasures;
  readonly seconds: SecondColumns;
}

export interface SoundMeasures extends SpeechMeasures {
  readonly carriedMs: number;
  readonly dtxMs: number;
  /** Nothing was sent for more than a second, though not muted. */
  readonly pausedMs: number;
  /** Digital silence was sent. */
  readonly silentMs: number;
  readonly concealedMs: number;
  readonly interruptedMs: number;
  /** dBov (RFC 6464); absent where no packet carried a level. */
  readonly meanLevelDbov?: number;
  readonly turns: readonly Turn[];
  readonly holes: readonly Hole[];
}

export interface PictureMeasures {
  /** Pictures that a decoder can show, and those that it cannot for what was lost. */
  readonly shown: number;
  readonly incomplete: number;
  readonly undecodable: number;
  readonly beforeKeyFrame: number;
  /** Pictures per second while the camera was on. */
  readonly meanFps: number;
  readonly keyFrames: {
    readonly count: number;
    readonly meanIntervalMs: number;
    readonly maxIntervalMs: number;
    readonly meanBytes: number;
    readonly maxBytes: number;
    readonly timesMs: readonly number[];
  };
  readonly sizes: readonly SizeChange[];
  readonly rotations: readonly RotationChange[];
  /** W3C webrtc-stats: freezeCount, totalFreezesDuration. */
  readonly freezes: FreezeCounts;
  /** Of each segment, from its first packet to its first picture; null where none came. */
  readonly firstPictureMs: readonly (number | null)[];
  /** Packets by the temporal and spatial layer that they name, as `0/0`. */
  readonly layers: Readonly<Record<string, number>>;
  /** Streams that a camera sent side by side. All else here is of the largest. */
  readonly simulcast: readonly InspectedLayer[];
}

/** One of the streams that a camera sent side by side: an SSRC and the size that it had. */
export interface InspectedLayer {
  readonly ssrc: number;
  /** The largest that it sent. */
  readonly width: number;
  readonly height: number;
  readonly packets: { readonly received: number; readonly expected: number; readonly lost: number };
  readonly shown: number;
  readonly incomplete: number;
  readonly undecodable: number;
  readonly keyFrames: number;
  /** Pictures per second while it was sent. */
  readonly meanFps: number;
  readonly freezes: Pick<FreezeCounts, 'count' | 'totalMs' | 'longestMs'>;
  /** When it was sent: a sender switches layers off that its network or machine has no room for. */
  readonly sent: readonly { readonly fromMs: number; readonly untilMs: number }[];
  /** Of all its packets, while it was sent. */
  readonly meanKbps: number;
  readonly seconds: LayerColumns;
}

/** What of the columns is a layer's own. */
export type LayerColumns = Required<Omit<SecondColumns, 'repaired' | 'delayMs' | 'levelDbov'>>;

/** A row for each second in which something came, as columns of one length. */
export interface SecondColumns {
  /** From the recording's zero. */
  readonly second: readonly number[];
  readonly packets: readonly number[];
  readonly lost: readonly number[];
  readonly repaired: readonly number[];
  readonly kbps: readonly number[];
  readonly jitterMs: readonly number[];
  readonly deltaMs: readonly number[];
  /** Null where no packet tells. */
  readonly delayMs: readonly (number | null)[];
  /** Video only: pictures of which something came, and those that could be shown. */
  readonly sentFrames?: readonly number[];
  readonly frames?: readonly number[];
  readonly frameBytes?: readonly number[];
  readonly keyFrames?: readonly number[];
  /** Audio only; null where no packet carried one. */
  readonly levelDbov?: readonly (number | null)[];
}
