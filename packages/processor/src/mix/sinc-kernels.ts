/** Weights of the samples around a place between two of them. */
export type Kernel = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Flat to 16 kHz within half a dB: where Opus still holds speech. */
export const TAPS = 12;

/** Samples that a place needs behind itself. */
export const TAPS_AFTER = TAPS / 2;

const STEEPNESS = 6;

/** Windowed sincs (Kaiser) for places from one sample to the next, both included, `steps` apart. */
export function sincKernels(steps: number): readonly Kernel[] {
  return Array.from({ length: steps + 1 }, (_, step) => kernelAt(step / steps));
}

function kernelAt(fraction: number): Kernel {
  const weights = Array.from({ length: TAPS }, (_, tap) => weight(tap - TAPS_AFTER + 1 - fraction));
  const sum = weights.reduce((total, one) => total + one, 0);
  return weights.map((one) => one / sum) as unknown as Kernel;
}

function weight(distance: number): number {
  const inside = 1 - (distance / TAPS_AFTER) ** 2;
  if (inside < 0) return 0;
  const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
  return (sinc * bessel(STEEPNESS * Math.sqrt(inside))) / bessel(STEEPNESS);
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
