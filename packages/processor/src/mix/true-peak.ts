import { sincKernels } from './sinc-kernels.ts';

/** Places between two samples that are looked at, as in ITU-R BS.1770-4 annex 2. */
const OVERSAMPLING = 4;

/** Twice as long as what the annex gives, which misses a decibel of noise that reaches 20 kHz. */
const TAPS = 24;

const [, ...BETWEEN] = sincKernels(OVERSAMPLING, { taps: TAPS, beta: 4 }).slice(0, OVERSAMPLING);

/** Between two samples the signal exceeds both by less than this factor in anything but test signals. */
const LARGEST_OVERSHOOT = 2;

/** Samples before and after a pair that its peak depends on. */
export const PEAK_REACH = TAPS / 2;

/**
 * Largest magnitude at sample `at` and between it and the next, wherever that may reach `floor`; else 0. Needs
 * `PEAK_REACH` samples on both sides.
 */
export function truePeak(samples: Float32Array, at: number, floor: number): number {
  const here = Math.abs(samples[at] ?? 0);
  const loudest = Math.max(here, Math.abs(samples[at + 1] ?? 0));
  if (loudest * LARGEST_OVERSHOOT < floor) return 0;
  let peak = here;
  for (const kernel of BETWEEN) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++)
      sum += (kernel[tap] ?? 0) * (samples[at - PEAK_REACH + 1 + tap] ?? 0);
    peak = Math.max(peak, Math.abs(sum));
  }
  return peak;
}
