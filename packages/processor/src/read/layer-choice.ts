import type { VideoParameters } from '@rawreel/rtp';
import type { ClockedFrame } from './timed-frame.ts';

/** A frame of another layer may be read so much later: it waited for what was lost before it. */
const READ_AHEAD_MS = 3000;

/** A layer without a picture for so long is away; a shorter stall is no reason to lose its quality until its next key frame. */
const AWAY_MS = 1000;

/** Key frames of several layers this near to each other are of one moment: the best of them counts. */
const TOGETHER_MS = 100;

/** Less than any camera leaves between two pictures: both layers show the same one. */
const SAME_PICTURE_MS = 15;

/** Many times what a camera sends in the time that is read ahead; nothing may wait without bound. */
const MOST_FRAMES = 2048;
const MOST_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly timed: ClockedFrame;
  readonly layer: number;
  /** Never before that of a frame that is decoded earlier in the same layer. */
  readonly atMs: number;
}

/**
 * Of the layers of one camera (simulcast) the best that can be decoded at each moment: the one with most pixels. It changes
 * only where another layer has a key frame: to a better one at once, to a lesser one when the present one is away.
 *
 * `push` frames of all layers about in the order of reading, those of one layer in the order of decoding; `take` what is
 * decided. Three seconds of frames wait.
 */
export class LayerChoice {
  #waiting: Waiting[] = [];
  readonly #latestMs = new Map<number, number>();
  #readMs = Number.NEGATIVE_INFINITY;
  /** Of the frames that wait. */
  #bytes = 0;
  #chosen: { readonly layer: number; readonly pixels: number } | undefined;
  #leftOut = 0;

  /** Frames of layers that were not chosen. */
  get leftOut(): number {
    return this.#leftOut;
  }

  push(timed: ClockedFrame): void {
    const layer = timed.run.layer ?? 0;
    const atMs = Math.max(timed.unixMs, this.#latestMs.get(layer) ?? Number.NEGATIVE_INFINITY);
    this.#latestMs.set(layer, atMs);
    this.#readMs = Math.max(this.#readMs, atMs);
    const index = this.#waiting.findLastIndex((other) => other.atMs <= atMs);
    this.#waiting.splice(index + 1, 0, { timed, layer, atMs });
    this.#bytes += timed.frame.byteLength;
  }

  /** The frames chosen of those that need wait no longer, in order. */
  take(): ClockedFrame[] {
    return this.#decide(this.#readMs - READ_AHEAD_MS);
  }

  /** No more frames come. */
  finish(): ClockedFrame[] {
    return this.#decide(Number.POSITIVE_INFINITY);
  }

  #decide(untilMs: number): ClockedFrame[] {
    const chosen: ClockedFrame[] = [];
    let count = 0;
    for (const [index, waiting] of this.#waiting.entries()) {
      const isCrowded = this.#waiting.length - count > MOST_FRAMES || this.#bytes > MOST_BYTES;
      if (waiting.atMs > untilMs && !isCrowded) break;
      count++;
      this.#bytes -= waiting.timed.frame.byteLength;
      if (this.#chooses(waiting, index)) chosen.push(waiting.timed);
    }
    this.#waiting.splice(0, count);
    this.#leftOut += count - chosen.length;
    return chosen;
  }

  #chooses({ timed: { frame }, layer, atMs }: Waiting, index: number): boolean {
    const chosen = this.#chosen;
    if (layer === chosen?.layer) return !this.#hasBetterWithin(SAME_PICTURE_MS, index, atMs, chosen.pixels);
    if (!frame.keyFrame) return false;
    const pixels = pixelsOf(frame.parameters as VideoParameters);
    if (pixels <= (chosen?.pixels ?? 0) && !this.#isAway(index, atMs)) return false;
    if (this.#hasBetterWithin(TOGETHER_MS, index, atMs, pixels)) return false;
    this.#chosen = { layer, pixels };
    return true;
  }

  #isAway(index: number, atMs: number): boolean {
    return !this.#waitingBehind(index, atMs + AWAY_MS).some(({ layer }) => layer === this.#chosen?.layer);
  }

  #hasBetterWithin(ms: number, index: number, atMs: number, pixels: number): boolean {
    return this.#waitingBehind(index, atMs + ms).some(
      ({ timed: { frame } }) => frame.keyFrame && pixelsOf(frame.parameters as VideoParameters) > pixels,
    );
  }

  #waitingBehind(index: number, untilMs: number): Waiting[] {
    const end = this.#waiting.findIndex(({ atMs }, other) => other > index && atMs > untilMs);
    return this.#waiting.slice(index + 1, end < 0 ? undefined : end);
  }
}

const pixelsOf = ({ width, height }: VideoParameters): number => width * height;
