import { SAMPLE_RATE, type SampleRate } from './mix-source.ts';
import { SlidingMinimum } from './sliding-minimum.ts';
import { isBelow, PEAK_REACH, truePeak } from './true-peak.ts';

/** The gain is worked out for so many samples at once, and goes straight from one to the next. */
const GRAIN = 16;

/** How long before a peak the gain begins to fall: slow enough not to be heard as distortion. */
const LOOK_AHEAD_MS = 5;

/** A true peak needs samples behind it. */
const BEHIND = GRAIN * Math.ceil(PEAK_REACH / GRAIN);

/** In which the gain comes back by two thirds. */
const RELEASE_SECONDS = 0.15;

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
  readonly latency: number;
  readonly #lookAhead: number;
  /** Of the way back, a grain's share. */
  readonly #release: number;
  readonly #ceiling: Ceiling;
  /** For a grain more on both sides: the gain slopes through its neighbours', and a peak may lie between two grains. */
  readonly #held: SlidingMinimum;
  /** The released gains of the last look-ahead, a ring. */
  readonly #gains: Float64Array;
  #oldest = 0;
  #gain = 1;
  #average = 1;
  /** Grains until all that is held and averaged is 1 again. */
  #busyFor = 0;
  /** Of each channel the block pushed last, behind the latency's worth of those before; as large as the largest was. */
  readonly #inputs: Float32Array[];
  #lastLength = 0;
  #toSkip: number;
  #limited = 0;

  constructor(channels: number, ceiling: Ceiling, rate: SampleRate = SAMPLE_RATE) {
    this.#ceiling = ceiling;
    this.#lookAhead = (LOOK_AHEAD_MS * rate) / 1000;
    this.latency = this.#lookAhead + BEHIND;
    this.#toSkip = this.latency;
    this.#release = 1 - Math.exp(-GRAIN / (RELEASE_SECONDS * rate));
    this.#held = new SlidingMinimum(this.#lookAhead / GRAIN + 2);
    this.#gains = new Float64Array(this.#lookAhead / GRAIN).fill(1);
    this.#inputs = Array.from({ length: channels }, () => new Float32Array(this.latency));
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
      const needed = this.#neededGain(inputs, from + this.#lookAhead);
      if (needed < 1) this.#busyFor = 2 * this.#gains.length + 2;
      if (this.#busyFor > 0) this.#limit(inputs, from, Math.min(length, from + GRAIN), needed);
    }
    const skip = Math.min(this.#toSkip, length);
    this.#toSkip -= skip;
    return inputs.map((input) => input.subarray(skip, length));
  }

  /** The latency's worth of samples before the block, and the block. */
  #append(channel: number, block: Float32Array): Float32Array {
    const room = this.latency + block.length;
    const last = this.#inputs[channel] ?? new Float32Array(this.latency);
    const input = last.length < room ? new Float32Array(room) : last;
    input.set(last.subarray(this.#lastLength, this.#lastLength + this.latency));
    input.set(block, this.latency);
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
    this.#gain = Math.min(held, this.#gain + (1 - this.#gain) * this.#release);
    if (this.#gain > RELEASED && held === 1) this.#gain = 1;
    this.#gains[this.#oldest] = this.#gain;
    this.#oldest = (this.#oldest + 1) % this.#gains.length;
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
