/** One packet seen on both clocks: media time is ticks over the clock rate, received is the server's unix time. */
export interface DelaySample {
  readonly mediaMs: number;
  readonly receivedMs: number;
}

/** `delayMs` at `mediaMs`, changing by `slope` ms per ms: what the media clock and the least delayed packets say of each other. */
export interface DelayLine {
  readonly mediaMs: number;
  readonly delayMs: number;
  readonly slope: number;
}

/** Below this a slope says more of the network than of the clock. */
const DRIFT_SPAN_MS = 60_000;

/** Sound cards stay within ±200 ppm; what is beyond this is no drift. */
const MAX_DRIFT = 500e-6;

/**
 * Collects the least delayed packet of every window: delay only ever adds, so the least delayed packets tell the
 * clocks apart and all others tell of the network. One entry per window keeps a day of packets in a few thousand.
 */
export class DelayEnvelope {
  readonly #windowMs: number;
  readonly #samples: DelaySample[] = [];
  #windowEndsMs = Number.NEGATIVE_INFINITY;
  #least: DelaySample | undefined;
  #leastDelayMs = Number.POSITIVE_INFINITY;

  constructor(windowMs = 5000) {
    this.#windowMs = windowMs;
  }

  /** In media order. */
  add(mediaMs: number, receivedMs: number): void {
    if (mediaMs >= this.#windowEndsMs) {
      this.#closeWindow();
      this.#windowEndsMs = mediaMs + this.#windowMs;
    }
    const delayMs = receivedMs - mediaMs;
    if (delayMs < this.#leastDelayMs) {
      this.#leastDelayMs = delayMs;
      this.#least = { mediaMs, receivedMs };
    }
  }

  #closeWindow(): void {
    if (this.#least !== undefined) this.#samples.push(this.#least);
    this.#least = undefined;
    this.#leastDelayMs = Number.POSITIVE_INFINITY;
  }

  /** The windows' least delayed packets so far, in media order. */
  samples(): DelaySample[] {
    return this.#least === undefined ? [...this.#samples] : [...this.#samples, this.#least];
  }
}

/**
 * The line that supports all samples from below: over a minute and more with the slope of the lower hull's edge in the
 * middle of the samples, before that level.
 */
export function leastDelay(samples: readonly DelaySample[]): DelayLine {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a run without packets has no delay');
  const span = last.mediaMs - first.mediaMs;
  const slope = span < DRIFT_SPAN_MS ? 0 : hullSlope(samples);
  let delayMs = Number.POSITIVE_INFINITY;
  for (const sample of samples) {
    delayMs = Math.min(
      delayMs,
      sample.receivedMs - sample.mediaMs - slope * (sample.mediaMs - first.mediaMs),
    );
  }
  return { mediaMs: first.mediaMs, delayMs, slope };
}

export const delayAt = (line: DelayLine, mediaMs: number): number =>
  line.delayMs + line.slope * (mediaMs - line.mediaMs);

function hullSlope(samples: readonly DelaySample[]): number {
  const hull: { x: number; y: number }[] = [];
  let sum = 0;
  for (const sample of samples) {
    const point = { x: sample.mediaMs, y: sample.receivedMs - sample.mediaMs };
    sum += point.x;
    while (hull.length >= 2 && !turnsUp(hull.at(-2), hull.at(-1), point)) hull.pop();
    hull.push(point);
  }
  const middle = sum / samples.length;
  for (let index = 1; index < hull.length; index++) {
    const [from, to] = [hull[index - 1], hull[index]];
    if (from !== undefined && to !== undefined && to.x >= middle) {
      return Math.max(-MAX_DRIFT, Math.min(MAX_DRIFT, (to.y - from.y) / (to.x - from.x)));
    }
  }
  return 0;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const turnsUp = (a: Point | undefined, b: Point | undefined, c: Point): boolean =>
  a !== undefined && b !== undefined && (b.x - a.x) * (c.y - a.y) > (b.y - a.y) * (c.x - a.x);
