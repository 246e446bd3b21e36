import type { FrameBytes, MatroskaFrame } from '@rawreel/matroska';
import { avcParameterSets, type CodedFrame, type VideoParameters } from '@rawreel/rtp';
import { inTurns } from '../in-turns.ts';
import type { GapPolicy } from '../plan/plan.ts';
import { CopiedFrame } from '../read/copied-frame.ts';
import type { ReportedGap } from '../report/report.ts';
import type { Boundary } from '../time/track-runs.ts';
import type { FillerAllowance, Unfilled } from './filler-allowance.ts';
import { FrameIntervals } from './frame-intervals.ts';

/** A black key frame of the stream's codec, profile and size; undefined where none can be made. */
export type BlackFrameOf = (parameters: VideoParameters) => Promise<Uint8Array | undefined>;

export interface VideoTimelineOptions {
  readonly gaps: GapPolicy;
  readonly black: BlackFrameOf;
  readonly write: (frame: MatroskaFrame) => void;
  /** How much black may be written; as much as there is room for without it. */
  readonly allowance?: FillerAllowance | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Two black frames a second, as often as a still camera is seen to send, show at once where a player lands in a gap. */
const BLACK_INTERVAL_MS = 500;

/** After so long somebody has left, and is no camera that comes back: one in five seconds then does, at a tenth of the bytes. */
const LONG_GAP_MS = 60_000;
const LONG_GAP_INTERVAL_MS = 5000;

/** What stands around a frame's bytes in a file. */
const BLOCK_HEADER_BYTES = 12;

/** How many black frames a gap takes. */
export const blackFramesIn = (gapMs: number): number =>
  Math.ceil(Math.min(gapMs, LONG_GAP_MS) / BLACK_INTERVAL_MS) +
  Math.ceil(Math.max(0, gapMs - LONG_GAP_MS) / LONG_GAP_INTERVAL_MS);

/** A gap shorter than this beyond a frame's own duration is jitter, not a camera that was off. */
const SHORTEST_GAP_MS = 40;

/**
 * Lays video frames on the file's clock, in the order of decoding. Timestamps are the capture times, uneven as they are; only
 * where two would round to the same millisecond the later one moves.
 *
 * The frame that is shown last is held back until a later one is known, and with it those that are decoded after it and
 * shown earlier: only the last of all says its duration.
 */
export class VideoTimeline {
  readonly #options: VideoTimelineOptions;
  readonly #gaps: ReportedGap[] = [];
  readonly #intervals = new FrameIntervals();
  #held: MatroskaFrame[] = [];
  #lastMs = -1;
  #endMs = 0;
  #parameters: VideoParameters | undefined;
  #afterBlack = false;
  /** CodecPrivate of the parameter sets that the decoder holds. */
  #setsInForce: Uint8Array | undefined;
  #blackMissing = false;
  #frames = 0;
  #unfilled = { gaps: 0, ms: 0 };

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
    this.#intervals.startAnew();
    // Behind black a frame that is built on the ones before the gap would be decoded to rubbish: the last picture stands.
    if (this.#options.gaps === 'keep' || !frame.keyFrame) {
      this.#note(this.#endMs, startMs, boundary, 'nothing');
      return this.#put(frame, startMs);
    }
    return this.#bridge(frame, startMs, boundary);
  }

  finish(): void {
    const [last, ...shownEarlier] = this.#held;
    if (last === undefined) return;
    this.#held = [{ ...last, durationMs: this.#intervals.usualMs }, ...shownEarlier];
    this.#release();
  }

  get summary() {
    const unfilled: Unfilled = this.#unfilled;
    return { frames: this.#frames, gaps: this.#gaps, blackMissing: this.#blackMissing, unfilled };
  }

  async #bridge(frame: CodedFrame, startMs: number, boundary: ReportedGap['reason']): Promise<void> {
    const parameters = this.#parameters ?? (frame.parameters as VideoParameters);
    const black = await this.#options.black(parameters);
    const gapMs = startMs - this.#endMs;
    const isFilled = black !== undefined && this.#allows(gapMs, black);
    this.#note(this.#endMs, startMs, boundary, isFilled ? 'black' : 'nothing');
    if (black === undefined) this.#blackMissing = true;
    if (isFilled) {
      await inTurns(this.#fill(black, this.#endMs, startMs), this.#options.signal);
      this.#afterBlack = true;
    }
    this.#put(frame, startMs);
  }

  #allows(gapMs: number, black: Uint8Array): boolean {
    const bytes = blackFramesIn(gapMs) * (black.length + BLOCK_HEADER_BYTES);
    if (this.#options.allowance?.take(bytes) !== false) return true;
    this.#unfilled = { gaps: this.#unfilled.gaps + 1, ms: this.#unfilled.ms + gapMs };
    return false;
  }

  *#fill(black: Uint8Array, fromMs: number, toMs: number): Generator<void, void, void> {
    const longFromMs = fromMs + LONG_GAP_MS;
    for (let at = fromMs; at < toMs - SHORTEST_GAP_MS / 2; ) {
      this.#hold({ timestampMs: at, keyFrame: true, chunks: [black] });
      at += at < longFromMs ? BLACK_INTERVAL_MS : LONG_GAP_INTERVAL_MS;
      yield;
    }
  }

  #put(frame: CodedFrame, startMs: number): void {
    const parameters = frame.parameters as VideoParameters;
    this.#intervals.see(startMs);
    const sets = frame.keyFrame ? this.#setsToRestore(parameters) : [];
    this.#hold({
      timestampMs: startMs,
      keyFrame: frame.keyFrame,
      shownEarlier: frame.shownEarlier,
      chunks: sets.length === 0 ? bytesOf(frame) : [...sets, ...bytesOf(frame)],
    });
    this.#afterBlack = false;
    this.#parameters = parameters;
    this.#endMs = this.#lastMs + this.#intervals.usualMs;
    this.#frames++;
  }

  /** The parameter sets of a key frame, where black frames or another segment have put others in their place. */
  #setsToRestore({ codec, codecPrivate: wanted }: VideoParameters): readonly Uint8Array[] {
    const known = this.#setsInForce;
    this.#setsInForce = wanted;
    if (codec !== 'h264' || wanted === undefined) return [];
    const isInForce =
      !this.#afterBlack && (known === undefined || known === wanted || Buffer.compare(known, wanted) === 0);
    return isInForce ? [] : avcParameterSets(wanted);
  }

  #hold(frame: MatroskaFrame): void {
    const roundedMs = Math.round(frame.timestampMs);
    if (frame.shownEarlier && roundedMs < this.#lastMs) {
      this.#held.push({ ...frame, timestampMs: Math.max(0, roundedMs) });
      return;
    }
    this.#release();
    const timestampMs = Math.max(this.#lastMs + 1, roundedMs);
    this.#held.push({ ...frame, timestampMs, shownEarlier: false });
    this.#lastMs = timestampMs;
  }

  #release(): void {
    for (const frame of this.#held) this.#options.write(frame);
    this.#held = [];
  }

  #note(
    startMs: number,
    endMs: number,
    reason: ReportedGap['reason'],
    filledWith: ReportedGap['filledWith'],
  ): void {
    this.#gaps.push({ startMs, endMs, reason, filledWith });
  }
}

/** A copied frame is its own bytes: they go from file to file when their turn has come. */
const bytesOf = (frame: CodedFrame): readonly FrameBytes[] =>
  frame instanceof CopiedFrame ? [frame] : frame.chunks;
