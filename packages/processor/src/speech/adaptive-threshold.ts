import { SlidingQuantile } from './sliding-quantile.ts';
import type { Activity } from './turn-builder.ts';

/** Loudness comes in whole steps under this, the unit is the caller's. */
export const LOUDNESS_STEPS = 256;

export interface ThresholdOptions {
  /** Sound is at least this much louder than the floor. */
  readonly margin: number;
  /** A floor above this is no floor: somebody makes noise all the time. */
  readonly highestFloor: number;
  /** What stays below this is silence, whatever the floor. */
  readonly lowestOpening: number;
}

/** Even who talks without a break leaves a tenth of the time between words. */
const FLOOR_SHARE = 0.1;

/** The loudest twentieth may be clicks. */
const PEAK_SHARE = 0.95;

/** Sound begins at this loudness, so far up from the floor to the peak … */
const OPEN_SHARE = 0.4;

/** … and goes on down to this share of that: word ends are soft. */
const CLOSE_OF_OPEN = 0.7;

/** A listener keeps quiet for minutes, and is then as loud as before. */
const PEAK_HALF_LIFE_MS = 5 * 60_000;

/** Where sound begins and ends among the loudnesses of a sliding window, which its caller slides. */
export class AdaptiveThreshold {
  readonly #options: ThresholdOptions;
  readonly #floor = new SlidingQuantile(FLOOR_SHARE, LOUDNESS_STEPS);
  readonly #loud = new SlidingQuantile(PEAK_SHARE, LOUDNESS_STEPS);
  #peak = 0;

  constructor(options: ThresholdOptions) {
    this.#options = options;
  }

  add(loudness: number): void {
    this.#floor.add(loudness);
    this.#loud.add(loudness);
  }

  remove(loudness: number): void {
    this.#floor.remove(loudness);
    this.#loud.remove(loudness);
  }

  /** What so loud a packet is in the window as it is; `elapsedMs` since last asked. */
  activityOf(loudness: number, elapsedMs: number): Activity {
    const { margin, highestFloor, lowestOpening } = this.#options;
    const floor = Math.min(this.#floor.value, highestFloor);
    this.#peak = this.#peakAfter(elapsedMs);
    const range = this.#peak - floor;
    const rise = Math.max(margin, OPEN_SHARE * range, lowestOpening - floor);
    if (loudness >= floor + rise) return 'loud';
    return loudness >= floor + CLOSE_OF_OPEN * rise ? 'soft' : 'quiet';
  }

  #peakAfter(elapsedMs: number): number {
    const loud = this.#loud.value;
    const above = this.#peak - loud;
    return above > 0 ? loud + above * 0.5 ** (elapsedMs / PEAK_HALF_LIFE_MS) : loud;
  }
}
