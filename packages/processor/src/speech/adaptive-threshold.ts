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

export interface Thresholds {
  /** Sound begins at this loudness … */
  readonly open: number;
  /** … and goes on at this one. */
  readonly close: number;
}

/** Even who talks without a break leaves a tenth of the time between words. */
const FLOOR_SHARE = 0.1;

/** The loudest twentieth may be clicks. */
const PEAK_SHARE = 0.95;

/** Sound begins this far up from the floor to the peak … */
const OPEN_SHARE = 0.4;

/** … and goes on down to this share of that: word ends are soft. */
const CLOSE_OF_OPEN = 0.7;

/** A listener keeps quiet for minutes, and is then as loud as before. */
const PEAK_HALF_LIFE_MS = 5 * 60_000;

/** Where sound begins and ends among the loudnesses of a sliding window, which its caller slides. */
export class AdaptiveThreshold {
  readonly #options: ThresholdOptions;
  readonly #counts = new Uint32Array(LOUDNESS_STEPS);
  #count = 0;
  #peak = 0;

  constructor(options: ThresholdOptions) {
    this.#options = options;
  }

  add(loudness: number): void {
    this.#counts[loudness] = (this.#counts[loudness] ?? 0) + 1;
    this.#count++;
  }

  remove(loudness: number): void {
    this.#counts[loudness] = (this.#counts[loudness] ?? 0) - 1;
    this.#count--;
  }

  /** For the window as it is; `elapsedMs` since last asked. */
  thresholds(elapsedMs: number): Thresholds {
    const { margin, highestFloor, lowestOpening } = this.#options;
    const floor = Math.min(this.#quantile(FLOOR_SHARE), highestFloor);
    const peak = this.#quantile(PEAK_SHARE);
    const kept = 0.5 ** (elapsedMs / PEAK_HALF_LIFE_MS);
    this.#peak = Math.max(peak, peak + (this.#peak - peak) * kept);
    const range = this.#peak - floor;
    const rise = Math.max(margin, OPEN_SHARE * range, lowestOpening - floor);
    return { open: floor + rise, close: floor + CLOSE_OF_OPEN * rise };
  }

  #quantile(share: number): number {
    let left = share * this.#count;
    for (let loudness = 0; loudness < LOUDNESS_STEPS; loudness++) {
      left -= this.#counts[loudness] ?? 0;
      if (left <= 0 && this.#count > 0 && (this.#counts[loudness] ?? 0) > 0) return loudness;
    }
    return 0;
  }
}
