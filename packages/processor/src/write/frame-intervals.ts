/** Where a stream has shown one frame only: 25 frames a second. */
const USUAL_INTERVAL_MS = 40;

const INTERVALS_KEPT = 9;

/**
 * How long a frame of a stream lasts: the median of the last intervals between frames, in the order in which they are shown.
 * It is asked for with every frame, so nothing is allocated for an answer.
 */
export class FrameIntervals {
  /** Before the last gap, the earliest first. */
  #earlierMs: readonly number[] = [];
  /** Times of frames since then, the smallest first. */
  #shownMs: number[] = [];
  /** The last intervals, the shortest first: made for each answer. */
  readonly #sortedMs = new Float64Array(INTERVALS_KEPT);

  /** The next frame follows a gap: its distance is no interval between frames. */
  startAnew(): void {
    const since = this.#shownMs.slice(1).map((timeMs, index) => timeMs - (this.#shownMs[index] ?? 0));
    this.#earlierMs = [...this.#earlierMs, ...since].slice(-INTERVALS_KEPT);
    this.#shownMs = [];
  }

  see(timeMs: number): void {
    const shown = this.#shownMs;
    let at = shown.length;
    while (at > 0 && (shown[at - 1] ?? 0) > timeMs) at -= 1;
    if (shown[at - 1] === timeMs) return;
    if (at === shown.length) shown.push(timeMs);
    else shown.splice(at, 0, timeMs);
    if (shown.length > INTERVALS_KEPT + 1) shown.shift();
  }

  get usualMs(): number {
    const shown = this.#shownMs;
    let count = 0;
    for (let at = shown.length - 1; at > 0; at--)
      this.#sortIn((shown[at] ?? 0) - (shown[at - 1] ?? 0), count++);
    for (let at = this.#earlierMs.length - 1; at >= 0 && count < INTERVALS_KEPT; at--)
      this.#sortIn(this.#earlierMs[at] ?? 0, count++);
    return count === 0 ? USUAL_INTERVAL_MS : (this.#sortedMs[count >> 1] ?? 0);
  }

  /** Beside `count` others. */
  #sortIn(intervalMs: number, count: number): void {
    const sorted = this.#sortedMs;
    let at = count;
    for (; at > 0 && (sorted[at - 1] ?? 0) > intervalMs; at--) sorted[at] = sorted[at - 1] ?? 0;
    sorted[at] = intervalMs;
  }
}
