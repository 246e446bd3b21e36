/** Frames whose durations are averaged. */
const AVERAGED = 30;

/** Fewer say nothing of what is usual; libwebrtc waits for as many. */
const LEAST = 5;

/** What a receiver's buffer takes up of one picture's delay, as it does of sound's: a large one takes so long to send. */
const BUFFERED_MS = 200;

const MOST_FREEZES = 10_000;

/** A picture that stood too long, ms from the recording's zero. */
export interface Freeze {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface FreezeCounts {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
  readonly list: readonly Freeze[];
}

/**
 * Freezes as W3C's "Identifiers for WebRTC's Statistics API" defines `freezeCount` and `totalFreezesDuration`: the time between
 * two pictures is at least `max(3 × mean, mean + 150 ms)` of the last 30. A picture counts as shown when its last packet came,
 * but what came late by no more than a receiver's buffer is no freeze: by its timestamp it was shown in time.
 */
export class Freezes implements FreezeCounts {
  readonly list: Freeze[] = [];
  count = 0;
  totalMs = 0;
  longestMs = 0;
  readonly #durations = new Float64Array(AVERAGED);
  #frames = 0;
  #sum = 0;
  #lastMs = 0;
  #lastMediaMs = 0;
  #run = -1;

  /** @param mediaMs its place on the clock of its run */
  shown(atMs: number, mediaMs: number, run: number): void {
    const mediaGapMs = run === this.#run ? mediaMs - this.#lastMediaMs : Number.POSITIVE_INFINITY;
    this.#lastMediaMs = mediaMs;
    this.#run = run;
    if (this.#frames === 0) {
      this.#frames = 1;
      this.#lastMs = atMs;
      return;
    }
    const duration = Math.max(0, atMs - this.#lastMs);
    const known = Math.min(this.#frames - 1, AVERAGED);
    const mean = known === 0 ? 0 : this.#sum / known;
    // A timestamp that jumps makes no picture stand for longer than it took to come.
    const stoodMs = Math.min(duration, Math.max(mediaGapMs, duration - BUFFERED_MS));
    if (known >= LEAST && isFreeze(stoodMs, mean)) this.#freeze(this.#lastMs, atMs);
    const slot = (this.#frames - 1) % AVERAGED;
    this.#sum += duration - (known === AVERAGED ? (this.#durations[slot] ?? 0) : 0);
    this.#durations[slot] = duration;
    this.#frames++;
    this.#lastMs = Math.max(atMs, this.#lastMs);
  }

  /** What came up to then could not be shown: a picture that stands to the end stands, too, though none follows. */
  end(atMs: number): void {
    const known = Math.min(this.#frames - 1, AVERAGED);
    const mean = known > 0 ? this.#sum / known : 0;
    if (known >= LEAST && isFreeze(atMs - this.#lastMs, mean)) this.#freeze(this.#lastMs, atMs);
  }

  #freeze(fromMs: number, untilMs: number): void {
    this.count++;
    this.totalMs += untilMs - fromMs;
    this.longestMs = Math.max(this.longestMs, untilMs - fromMs);
    if (this.list.length < MOST_FREEZES) this.list.push({ fromMs, untilMs });
  }
}

const isFreeze = (durationMs: number, meanMs: number): boolean =>
  durationMs >= Math.max(3 * meanMs, meanMs + 150);
