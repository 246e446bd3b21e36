import { sincKernels } from './sinc-kernels.ts';

/** Places between two samples that are looked at, as in ITU-R BS.1770-4 annex 2. */
const OVERSAMPLING = 4;

/** Twice as long as what the annex gives, which misses a decibel of noise that reaches 20 kHz. */
const TAPS = 24;
const HALF = TAPS / 2;

const [, QUARTER = [], MIDDLE = []] = sincKernels(OVERSAMPLING, { taps: TAPS, beta: 4 });

/** A kernel's first half as typed arrays, which are read half as fast again: of what mirrors itself, and of what does not. */
const even = (kernel: readonly number[]): Float64Array =>
  Float64Array.from({ length: HALF }, (_, tap) => ((kernel[tap] ?? 0) + (kernel[TAPS - 1 - tap] ?? 0)) / 2);
const odd = (kernel: readonly number[]): Float64Array =>
  Float64Array.from({ length: HALF }, (_, tap) => ((kernel[tap] ?? 0) - (kernel[TAPS - 1 - tap] ?? 0)) / 2);

/** The middle's kernel mirrors itself; that of three quarters of the way mirrors that of one quarter. */
const [MIDDLE_EVEN, QUARTER_EVEN, QUARTER_ODD] = [even(MIDDLE), even(QUARTER), odd(QUARTER)];

/** Between two samples the signal exceeds both by less than this factor in anything but test signals. */
const LARGEST_OVERSHOOT = 2;

/** Samples before and after a pair that its peak depends on. */
export const PEAK_REACH = HALF;

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
 * Largest magnitude on the samples from `from` to `to`, that one excluded, and between each and the next, wherever that
 * may exceed `floor`; else `floor`. Needs `PEAK_REACH` samples on both sides.
 */
export function truePeak(samples: Float32Array, from: number, to: number, floor: number): number {
  let peak = floor;
  for (let at = from; at < to; at++) {
    const here = Math.abs(samples[at] ?? 0);
    const loudest = Math.max(here, Math.abs(samples[at + 1] ?? 0));
    if (loudest * LARGEST_OVERSHOOT < peak) continue;
    let middle = 0;
    let evens = 0;
    let odds = 0;
    for (let tap = 0; tap < HALF; tap++) {
      const before = samples[at - HALF + 1 + tap] ?? 0;
      const behind = samples[at + HALF - tap] ?? 0;
      middle += (MIDDLE_EVEN[tap] ?? 0) * (before + behind);
      evens += (QUARTER_EVEN[tap] ?? 0) * (before + behind);
      odds += (QUARTER_ODD[tap] ?? 0) * (before - behind);
    }
    peak = Math.max(peak, here, Math.abs(middle), Math.abs(evens) + Math.abs(odds));
  }
  return peak;
}
