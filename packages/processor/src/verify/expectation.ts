import type { CodedFrame } from '@rawreel/rtp';
import type { Bridge } from './bridges/pictures-behind.ts';
import type { Sighting, TimeWitness } from './clock-evidence/time-witness.ts';

/** A frame as the source had it. */
export interface SourceFrame {
  /** Milliseconds since the file's zero. */
  readonly atMs: number;
  /** Audio only: a video frame lasts until the next. */
  readonly durationMs?: number;
  /** Decoded behind frames that are shown after it. */
  readonly shownEarlier?: boolean | undefined;
  /** The frame's bytes in order. Views will do: they must hold for some seconds' worth of frames. */
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  /** When its dump says that it was; times in ms since the file's zero. */
  readonly sighting?: Sighting | undefined;
}

/** A frame, and its time in ms since the file's zero. */
export interface TimedCodedFrame {
  readonly frame: CodedFrame;
  readonly atMs: number;
}

export interface ExpectedTrack {
  readonly kind: 'audio' | 'video';
  /** The source's frames in order, read anew. Without them the track is an encoder's work: only its time is checked. */
  readonly frames?: AsyncIterable<readonly SourceFrame[]>;
  /** The same once more, each time it is called, with what a decoder must know of them. */
  readonly codedFrames?: () => AsyncIterable<readonly TimedCodedFrame[]>;
  /** Video: where black bridges a gap. */
  readonly bridges?: readonly Bridge[];
  /** Where the file has what the dumps know the time of is noted here, and held against it. */
  readonly clock?: { readonly witness: TimeWitness; readonly uncertaintyMs: number };
  /** Audio packets that may be missing because they took up drift. Default: 0. */
  readonly leftOutAllowed?: number;
  /** Audio: gaps and DTX were filled, so its samples must span all of the file's time. */
  readonly filled?: boolean;
  /** Of filled audio: time in gaps that were too long to fill, which has no samples. Default: 0. */
  readonly openMs?: number;
}

/** What must be in a file. */
export interface ExpectedFile {
  readonly path: string;
  /** In the order in which the container lists them. */
  readonly tracks: readonly ExpectedTrack[];
  /** Of an encoder's work, whose tracks have no frames to tell it. */
  readonly encodedMs?: number;
}
