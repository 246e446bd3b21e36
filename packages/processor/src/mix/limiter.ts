import { SAMPLE_RATE, SAMPLES_PER_MS } from './mix-source.ts';
import { SlidingMinimum } from './sliding-minimum.ts';
import { PEAK_REACH, truePeak } from './true-peak.ts';

/** How long before a peak the gain begins to fall: slow enough not to be heard as distortion. */
const LOOK_AHEAD = 5 * SAMPLES_PER_MS;

/** In which the gain comes back by two thirds. */
const RELEASE_SECONDS = 0.15;
const RELEASE = 1 - Math.exp(-1 / (RELEASE_SECONDS * SAMPLE_RATE));

/** A gain this near to 1 is 1: the way back has an end. */
const RELEASED = 0.9999;

/** Samples that are kept from one block to the next. */
const LATENCY = LOOK_AHEAD + PEAK_REACH;

/**
 * Holds the true peak of channels that belong together under a ceiling, and leaves everything else as it is. The gain
 * each sample needs is held for the look-ahead, let go exponentially, and averaged over the look-ahead: an average of
 * gains none of which is above what a sample needs, so no peak gets through.
 */
export class Limiter {
  /** Samples by which what comes out lags behind what was pushed. */
  static readonly latency = LATENCY;

  readonly #ceiling: number;
  /** A peak lies between a sample and the next, so it is held for one more. */
  readonly #held = new SlidingMinimum(LOOK_AHEAD + 2);
  /** The released gains of the last look-ahead, a ring, and their sum. */
  readonly #gains = new Float64Array(LOOK_AHEAD + 1).fill(1);
  #sum = LOOK_AHEAD + 1;
  #oldest = 0;
  #gain = 1;
  /** Samples until all that is held and averaged is 1 again. */
  #busyFor = 0;
  #carry: Float32Array[];
  #toSkip = LATENCY;
  #limited = 0;

  /** @param ceiling as an amplitude. */
  constructor(channels: number, ceiling: number) {
    this.#ceiling = ceiling;
    this.#carry = Array.from({ length: channels }, () => new Float32Array(LATENCY));
  }

  /** Samples that came out softer than they went in. */
  get limited(): number {
    return this.#limited;
  }

  /** Takes blocks of one length; what comes out lags behind, so the first blocks are shorter. */
  push(blocks: readonly Float32Array[]): Float32Array[] {
    const length = blocks[0]?.length ?? 0;
    const inputs = blocks.map((block, channel) => {
      const input = new Float32Array(LATENCY + length);
      input.set(this.#carry[channel] ?? []);
      input.set(block, LATENCY);
      return input;
    });
    this.#carry = inputs.map((input) => input.slice(length));
    const needed = this.#neededGains(inputs, length);
    const outputs = inputs.map((input) => input.subarray(0, length));
    if (needed === undefined && this.#busyFor <= 0) return this.#skipped(outputs);
    const gains = this.#follow(needed, length);
    return this.#skipped(
      outputs.map((output) => output.map((sample, index) => sample * (gains[index] ?? 1))),
    );
  }

  #skipped(outputs: Float32Array[]): Float32Array[] {
    const skip = Math.min(this.#toSkip, outputs[0]?.length ?? 0);
    this.#toSkip -= skip;
    return skip === 0 ? outputs : outputs.map((output) => output.subarray(skip));
  }

  /** The gain that each sample needs by itself; undefined where none needs any. */
  #neededGains(inputs: readonly Float32Array[], length: number): Float64Array | undefined {
    let needed: Float64Array | undefined;
    for (const input of inputs) {
      for (let index = 0; index < length; index++) {
        const peak = truePeak(input, LATENCY - PEAK_REACH + index, this.#ceiling);
        if (peak <= this.#ceiling) continue;
        needed ??= new Float64Array(length).fill(1);
        const gain = this.#ceiling / peak;
        needed[index] = Math.min(needed[index] ?? 1, gain);
      }
    }
    return needed;
  }

  #follow(needed: Float64Array | undefined, length: number): Float64Array {
    const gains = new Float64Array(length);
    for (let index = 0; index < length; index++) {
      const need = needed?.[index] ?? 1;
      const held = this.#held.push(need);
      this.#gain = Math.min(held, this.#gain + (1 - this.#gain) * RELEASE);
      if (this.#gain > RELEASED && held === 1) this.#gain = 1;
      this.#busyFor = this.#gain < 1 ? 2 * LATENCY : this.#busyFor - 1;
      this.#sum += this.#gain - (this.#gains[this.#oldest] ?? 1);
      this.#gains[this.#oldest] = this.#gain;
      this.#oldest = (this.#oldest + 1) % this.#gains.length;
      const average = this.#sum / this.#gains.length;
      if (average < RELEASED) this.#limited++;
      gains[index] = average;
    }
    if (this.#busyFor <= 0) this.#sum = this.#gains.length;
    return gains;
  }
}
