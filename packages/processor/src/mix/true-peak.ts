import { sincKernels } from './sinc-kernels.ts';

/** Places between two samples that are looked at, as in ITU-R BS.1770-4 annex 2. */
const OVERSAMPLING = 4;

/** Twice as long as what the annex gives, which misses a decibel of noise that reaches 20 kHz. */
const TAPS = 24;

const [, EARLY = [], MIDDLE = [], LATE = []] = sincKernels(OVERSAMPLING, { taps: TAPS, beta: 4 });

/** Between two samples the signal exceeds both by less than this factor in anything but test signals. */
const LARGEST_OVERSHOOT = 2;

/** Samples before and after a pair that its peak depends on. */
export const PEAK_REACH = TAPS / 2;

/** Whether the samples from `from` to `to`, both included, are too soft for a true peak of `floor` on them or between them. */
export function isBelow(samples: Float32Array, from: number, to: number, floor: number): boolean {
  const limit = floor / LARGEST_OVERSHOOT;
  for (let at = from; at <= to; at++) {
    const sample = samples[at] ?? 0;
    if (sample >= limit || sample <= -limit) return false;
  }
  return true;
}

/**
 * Largest magnitude at sample `at` and between it and the next, wherever that may reach `floor`; else 0. Needs
 * `PEAK_REACH` samples on both sides.
 */
export function truePeak(samples: Float32Array, at: number, floor: number): number {
  const here = Math.abs(samples[at] ?? 0);
  const loudest = Math.max(here, Math.abs(samples[at + 1] ?? 0));
  if (loudest * LARGEST_OVERSHOOT < floor) return 0;
  const first = at - PEAK_REACH + 1;
  let [early, middle, late] = [0, 0, 0];
  for (let tap = 0; tap < TAPS; tap++) {
    const sample = samples[first + tap] ?? 0;
    early += (EARLY[tap] ?? 0) * sample;
    middle += (MIDDLE[tap] ?? 0) * sample;
    late += (LATE[tap] ?? 0) * sample;
  }
  return Math.max(here, Math.abs(early), Math.abs(middle), Math.abs(late));
}
