import { SAMPLES_PER_MS } from './mix-source.ts';

/** Loudness is read over blocks of 400 ms, a new one every 100 ms (ITU-R BS.1770-4). */
const STEP = 100 * SAMPLES_PER_MS;
const STEPS_PER_BLOCK = 4;

const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;

/** Blocks are counted by loudness, so that memory does not grow with time; finer than the gate's effect can show. */
const BIN_LU = 0.05;
const LOUDEST_LUFS = 50;
const BINS = (LOUDEST_LUFS - ABSOLUTE_GATE_LUFS) / BIN_LU;

/** K-weighting at 48 kHz: a shelf for the head, then a high-pass (ITU-R BS.1770-4 tables 1 and 2). */
const SHELF = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585];
const HIGH_PASS = [1, -2, 1, -1.99004745483398, 0.99007225036621];

/** Integrated loudness (EBU R128) of channels that are heard together. */
export class LoudnessMeter {
  readonly #filters: readonly Biquad[][];
  readonly #steps: number[] = [];
  readonly #counts = new Float64Array(BINS);
  readonly #energies = new Float64Array(BINS);
  #energy = 0;
  #inStep = 0;

  constructor(channels: number) {
    this.#filters = Array.from({ length: channels }, () => [new Biquad(SHELF), new Biquad(HIGH_PASS)]);
  }

  push(blocks: readonly Float32Array[]): void {
    const length = blocks[0]?.length ?? 0;
    for (let from = 0; from < length; ) {
      const to = Math.min(length, from + STEP - this.#inStep);
      for (const [channel, block] of blocks.entries())
        this.#energy += this.#energyOf(channel, block, from, to);
      this.#inStep += to - from;
      if (this.#inStep === STEP) this.#endStep();
      from = to;
    }
  }

  /** LUFS; undefined where nothing is loud enough to count. */
  get integrated(): number | undefined {
    const ungated = this.#meanAbove(0);
    if (ungated === undefined) return undefined;
    const gated = this.#meanAbove(binOf(loudnessOf(ungated) + RELATIVE_GATE_LU));
    return gated === undefined ? undefined : loudnessOf(gated);
  }

  #energyOf(channel: number, block: Float32Array, from: number, to: number): number {
    const [shelf, highPass] = this.#filters[channel] ?? [];
    let sum = 0;
    if (shelf === undefined || highPass === undefined) return sum;
    for (let index = from; index < to; index++) {
      const weighted = highPass.next(shelf.next(block[index] ?? 0));
      sum += weighted * weighted;
    }
    return sum;
  }

  #endStep(): void {
    this.#steps.push(this.#energy / STEP);
    this.#energy = 0;
    this.#inStep = 0;
    if (this.#steps.length < STEPS_PER_BLOCK) return;
    const energy = this.#steps.reduce((sum, step) => sum + step, 0) / STEPS_PER_BLOCK;
    this.#steps.shift();
    const loudness = loudnessOf(energy);
    if (!(loudness > ABSOLUTE_GATE_LUFS)) return;
    const bin = binOf(loudness);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    this.#energies[bin] = (this.#energies[bin] ?? 0) + energy;
  }

  #meanAbove(firstBin: number): number | undefined {
    const sumOf = (values: Float64Array) => values.subarray(firstBin).reduce((sum, value) => sum + value, 0);
    const count = sumOf(this.#counts);
    return count === 0 ? undefined : sumOf(this.#energies) / count;
  }
}

/** A filter of the second order, transposed direct form II; coefficients b0, b1, b2, a1, a2. */
class Biquad {
  readonly #b0: number;
  readonly #b1: number;
  readonly #b2: number;
  readonly #a1: number;
  readonly #a2: number;
  #first = 0;
  #second = 0;

  constructor([b0 = 0, b1 = 0, b2 = 0, a1 = 0, a2 = 0]: readonly number[]) {
    this.#b0 = b0;
    this.#b1 = b1;
    this.#b2 = b2;
    this.#a1 = a1;
    this.#a2 = a2;
  }

  next(sample: number): number {
    const result = this.#b0 * sample + this.#first;
    this.#first = this.#b1 * sample - this.#a1 * result + this.#second;
    this.#second = this.#b2 * sample - this.#a2 * result;
    return result;
  }
}

const loudnessOf = (energy: number): number => -0.691 + 10 * Math.log10(energy);

const binOf = (loudness: number): number =>
  Math.max(0, Math.min(BINS - 1, Math.floor((loudness - ABSOLUTE_GATE_LUFS) / BIN_LU)));
