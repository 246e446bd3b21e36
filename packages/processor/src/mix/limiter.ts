import { SAMPLE_RATE, SAMPLES_PER_MS } from './mix-source.ts';
import { SlidingMinimum } from './sliding-minimum.ts';
import { isBelow, PEAK_REACH, truePeak } from './true-peak.ts';

/** The gain is worked out for so many samples at once, and goes straight from one to the next. */
const GRAIN = 16;

/** How long before a peak the gain begins to fall: slow enough not to be heard as distortion. */
const LOOK_AHEAD = 5 * SAMPLES_PER_MS;
const LOOK_AHEAD_GRAINS = LOOK_AHEAD / GRAIN;

/** A true peak needs samples behind it. */
const LATENCY = LOOK_AHEAD + GRAIN * Math.ceil(PEAK_REACH / GRAIN);

/** In which the gain comes back by two thirds. */
const RELEASE_SECONDS = 0.15;
const RELEASE = 1 - Math.exp(-GRAIN / (RELEASE_SECONDS * SAMPLE_RATE));

/** A gain this near to 1 is 1: the way back has an end. */
const RELEASED = 0.9999;

/** A tenth of a dB: less is not heard, and the last of each release. */
const SOFTER = 10 ** (-0.1 / 20);

/** True peaks that are let through, as amplitudes. */
export interface Ceiling {
  /** For peaks that a single voice can have. */
  readonly lone: number;
  /** For those of many at once: dense sound, which a lossy encoder gives peaks that it did not have. */
  readonly crowd: number;
}

/** Twice full scale: no single voice is as loud. */
const CROWD_PEAK = 2;

/**
 * Holds the true peak of channels that belong together under a ceiling, and leaves everything else as it is. The gain
 * that a grain needs is held for the look-ahead, let go exponentially, and averaged over the look-ahead: an average of
 * gains none of which is above what is needed, so no peak gets through.
 */
export class Limiter {
  /** Samples by which what comes out lags behind what was pushed. */
  static readonly latency = LATENCY;

  readonly #ceiling: Ceiling;
  /** For a grain more on both sides: the gain slopes through its neighbours', and a peak may lie between two grains. */
  readonly #held = new SlidingMinimum(LOOK_AHEAD_GRAINS + 2);
  /** The released gains of the last look-ahead, a ring. */
  readonly #gains = new Float64Array(LOOK_AHEAD_GRAINS).fill(1);
  #oldest = 0;
  #gain = 1;
  #average = 1;
  /** Grains until all that is held and averaged is 1 again. */
  #busyFor = 0;
  /** Of each channel the block pushed last, behind the latency's worth of those before; as large as the largest was. */
  readonly #inputs: Float32Array[];
  #lastLength = 0;
  #toSkip = LATENCY;
  #limited = 0;

  constructor(channels: number, ceiling: Ceiling) {
    this.#ceiling = ceiling;
    this.#inputs = Array.from({ length: channels }, () => new Float32Array(LATENCY));
  }

  /** Samples that came out softer than they went in, by more than a tenth of a dB. */
  get limited(): number {
    return this.#limited;
  }

  /**
   * Takes blocks of one length, all but the last of whole grains. The first comes out shorter by the latency; what comes
   * out is good until the next push.
   */
  push(blocks: readonly Float32Array[]): Float32Array[] {
    const length = blocks[0]?.length ?? 0;
    const inputs = blocks.map((block, channel) => this.#append(channel, block));
    this.#lastLength = length;
    for (let from = 0; from < length; from += GRAIN) {
      const needed = this.#neededGain(inputs, from + LOOK_AHEAD);
      if (needed < 1) this.#busyFor = 2 * LOOK_AHEAD_GRAINS + 2;
      if (this.#busyFor > 0) this.#limit(inputs, from, Math.min(length, from + GRAIN), needed);
    }
    const skip = Math.min(this.#toSkip, length);
    this.#toSkip -= skip;
    return inputs.map((input) => input.subarray(skip, length));
  }

  /** The latency's worth of samples before the block, and the block. */
  #append(channel: number, block: Float32Array): Float32Array {
    const room = LATENCY + block.length;
    const last = this.#inputs[channel] ?? new Float32Array(LATENCY);
    const input = last.length < room ? new Float32Array(room) : last;
    input.set(last.subarray(this.#lastLength, this.#lastLength + LATENCY));
    input.set(block, LATENCY);
    this.#inputs[channel] = input;
    return input.subarray(0, room);
  }

  #neededGain(inputs: readonly Float32Array[], from: number): number {
    const { lone, crowd } = this.#ceiling;
    let peak = lone;
    for (const input of inputs) {
      if (!isBelow(input, from, from + GRAIN, peak)) peak = truePeak(input, from, from + GRAIN, peak);
    }
    if (peak === lone) return 1;
    const crowded = Math.min(1, Math.log(peak / lone) / Math.log(CROWD_PEAK / lone));
    return (lone * (crowd / lone) ** crowded) / peak;
  }

  #limit(inputs: readonly Float32Array[], from: number, to: number, needed: number): void {
    const before = this.#average;
    const held = this.#held.push(needed);
    this.#gain = Math.min(held, this.#gain + (1 - this.#gain) * RELEASE);
    if (this.#gain > RELEASED && held === 1) this.#gain = 1;
    this.#gains[this.#oldest] = this.#gain;
    this.#oldest = (this.#oldest + 1) % LOOK_AHEAD_GRAINS;
    this.#average = meanOf(this.#gains);
    if (this.#gain === 1) this.#busyFor--;
    if (this.#average < SOFTER) this.#limited += to - from;
    const slope = (this.#average - before) / GRAIN;
    for (const input of inputs) {
      for (let at = from; at < to; at++) input[at] = (input[at] ?? 0) * (before + slope * (at - from));
    }
  }
}

/** By index: walking a typed array's iterator makes garbage, here a gigabyte an hour. */
function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return sum / values.length;
}
