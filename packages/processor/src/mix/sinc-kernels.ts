export interface KernelShape {
  /** Samples that are weighed, half of them before the place. */
  readonly taps: number;
  /** Of the Kaiser window: more lets less through that is not there, and takes more off high tones. */
  readonly beta: number;
}

/** Windowed sincs for places from one sample to the next, both included, 1/`steps` apart: weights that add up to 1. */
export function sincKernels(steps: number, shape: KernelShape): readonly (readonly number[])[] {
  return Array.from({ length: steps + 1 }, (_, step) => kernelAt(step / steps, shape));
}

function kernelAt(fraction: number, shape: KernelShape): readonly number[] {
  const { taps } = shape;
  const weights = Array.from({ length: taps }, (_, tap) => weight(tap - taps / 2 + 1 - fraction, shape));
  const sum = weights.reduce((total, one) => total + one, 0);
  return weights.map((one) => one / sum);
}

function weight(distance: number, { taps, beta }: KernelShape): number {
  const inside = 1 - (distance / (taps / 2)) ** 2;
  if (inside < 0) return 0;
  const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
  return (sinc * bessel(beta * Math.sqrt(inside))) / bessel(beta);
}

/** Modified Bessel function of the first kind and order zero, by its series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
