import type { MatroskaFrame } from '@rawreel/matroska';
import type { CodedFrame, VideoParameters } from '@rawreel/rtp';
import { parameterSets } from '../gaps/h264-parameter-sets.ts';
import type { GapPolicy } from '../plan/plan.ts';
import type { ReportedGap } from '../report/report.ts';
import type { Boundary } from '../time/track-runs.ts';

/** A black key frame of the stream's codec, profile and size; undefined where none can be made. */
export type BlackFrames = (parameters: VideoParameters) => Promise<Uint8Array | undefined>;

export interface VideoTimelineOptions {
  readonly gaps: GapPolicy;
  readonly black: BlackFrames;
  readonly write: (frame: MatroskaFrame) => void;
}

/** Two black frames a second keep seeking quick in a gap and cost next to nothing. */
const BLACK_INTERVAL_MS = 500;

/** A gap shorter than this beyond a frame's own duration is jitter, not a camera that was off. */
const SHORTEST_GAP_MS = 40;

/** Filling more than this would make a file of nothing: the time then stands in the timestamps. */
const LONGEST_FILL_MS = 24 * 3_600_000;

/** Where a stream has shown one frame only: 25 frames a second. */
const USUAL_INTERVAL_MS = 40;

const INTERVALS_KEPT = 9;

/**
 * Lays video frames on the file's clock. Timestamps are the capture times, uneven as they are; only where two would
 * round to the same millisecond the later one moves.
 *
 * The last frame is held back until the next is known, because only the last of all says its duration.
 */
export class VideoTimeline {
  readonly #options: VideoTimelineOptions;
  readonly #gaps: ReportedGap[] = [];
  readonly #intervals: number[] = [];
  #held: MatroskaFrame | undefined;
  #lastMs = -1;
  #endMs = 0;
  #parameters: VideoParameters | undefined;
  #afterBlack = false;
  /** CodecPrivate of the parameter sets that the decoder holds. */
  #setsInForce: Uint8Array | undefined;
  #blackMissing = false;
  #frames = 0;

  constructor(options: VideoTimelineOptions) {
    this.#options = options;
  }

  /**
   * Puts a frame at `startMs` since the file's zero; `boundary` tells why there may be a gap before it. Returns a promise
   * only when a black frame has to be made first.
   */
  add(frame: CodedFrame, startMs: number, boundary: Boundary): void | Promise<void> {
    const gapMs = startMs - this.#endMs;
    if (gapMs < SHORTEST_GAP_MS) return this.#put(frame, startMs);
    if (boundary === 'none') {
      if (frame.lossBefore > 0) this.#note(this.#endMs, startMs, 'loss', 'nothing');
      return this.#put(frame, startMs);
    }
    if (this.#options.gaps === 'keep' || gapMs > LONGEST_FILL_MS) {
      this.#note(this.#endMs, startMs, boundary, 'nothing');
      return this.#put(frame, startMs);
    }
    return this.#bridge(frame, startMs, boundary);
  }

  finish(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#options.write({ ...held, durationMs: this.#interval() });
  }

  get summary() {
    return { frames: this.#frames, gaps: this.#gaps, blackMissing: this.#blackMissing };
  }

  async #bridge(frame: CodedFrame, startMs: number, boundary: ReportedGap['reason']): Promise<void> {
    const parameters = this.#parameters ?? (frame.parameters as VideoParameters);
    const black = await this.#options.black(parameters);
    this.#note(this.#endMs, startMs, boundary, black === undefined ? 'nothing' : 'black');
    if (black === undefined) this.#blackMissing = true;
    else {
      for (let at = this.#endMs; at < startMs - SHORTEST_GAP_MS / 2; at += BLACK_INTERVAL_MS) {
        this.#hold({ timestampMs: at, keyFrame: true, chunks: [black] });
      }
      this.#afterBlack = true;
    }
    this.#put(frame, startMs);
  }

  #put(frame: CodedFrame, startMs: number): void {
    const parameters = frame.parameters as VideoParameters;
    if (this.#lastMs >= 0 && !this.#afterBlack) this.#learnInterval(startMs - this.#lastMs);
    const sets = frame.keyFrame ? this.#setsToRestore(parameters) : undefined;
    this.#hold({
      timestampMs: startMs,
      keyFrame: frame.keyFrame,
      chunks: sets === undefined ? frame.chunks : [sets, ...frame.chunks],
    });
    this.#afterBlack = false;
    this.#parameters = parameters;
    this.#endMs = this.#lastMs + this.#interval();
    this.#frames++;
  }

  /** The parameter sets of a key frame, where black frames or another segment have put others in their place. */
  #setsToRestore(parameters: VideoParameters): Uint8Array | undefined {
    const known = this.#setsInForce;
    const wanted = parameters.codecPrivate;
    this.#setsInForce = wanted;
    if (wanted === undefined) return undefined;
    const isInForce =
      !this.#afterBlack && (known === undefined || known === wanted || Buffer.compare(known, wanted) === 0);
    return isInForce ? undefined : parameterSets(parameters);
  }

  #hold(frame: MatroskaFrame): void {
    if (this.#held !== undefined) this.#options.write(this.#held);
    const timestampMs = Math.max(this.#lastMs + 1, Math.round(frame.timestampMs));
    this.#held = { ...frame, timestampMs };
    this.#lastMs = timestampMs;
  }

  #note(
    startMs: number,
    endMs: number,
    reason: ReportedGap['reason'],
    filledWith: ReportedGap['filledWith'],
  ): void {
    this.#gaps.push({ startMs, endMs, reason, filledWith });
  }

  #learnInterval(ms: number): void {
    if (ms <= 0) return;
    this.#intervals.push(ms);
    if (this.#intervals.length > INTERVALS_KEPT) this.#intervals.shift();
  }

  /** What a frame lasts: the median of the intervals before it. */
  #interval(): number {
    const sorted = [...this.#intervals].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? USUAL_INTERVAL_MS;
  }
}
