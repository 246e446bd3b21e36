/** Where a stream has shown one frame only: 25 frames a second. */
const USUAL_INTERVAL_MS = 40;

const INTERVALS_KEPT = 9;

/** How long a frame of a stream lasts: the median of the last intervals between frames, in the order in which they are shown. */
export class FrameIntervals {
  /** Before the last gap. */
  #earlierMs: readonly number[] = [];
  /** Times of frames since then, the smallest first. */
  #shownMs: number[] = [];

  /** The next frame follows a gap: its distance is no interval between frames. */
  startAnew(): void {
    this.#earlierMs = this.#intervals();
    this.#shownMs = [];
  }

  see(timeMs: number): void {
    let at = this.#shownMs.length;
    while (at > 0 && (this.#shownMs[at - 1] ?? 0) > timeMs) at -= 1;
    if (this.#shownMs[at - 1] === timeMs) return;
    this.#shownMs.splice(at, 0, timeMs);
    if (this.#shownMs.length > INTERVALS_KEPT + 1) this.#shownMs.shift();
  }

  get usualMs(): number {
    const sorted = this.#intervals().toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? USUAL_INTERVAL_MS;
  }

  #intervals(): number[] {
    const since = this.#shownMs.slice(1).map((timeMs, index) => timeMs - (this.#shownMs[index] ?? 0));
    return [...this.#earlierMs, ...since].slice(-INTERVALS_KEPT);
  }
}
