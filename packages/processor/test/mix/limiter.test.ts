import { describe, expect, test } from 'vitest';
import { Limiter } from '../../src/mix/limiter.ts';

const CEILING = { lone: 0.8, crowd: 0.8 };

const noise = (length: number, amount: (index: number) => number): Float32Array => {
  let state = 7;
  return new Float32Array(length).map((_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return amount(index) * (state / 2 ** 31);
  });
};

function limited(channels: readonly Float32Array[], ceiling = CEILING, block = 4800) {
  const limiter = new Limiter(channels.length, ceiling);
  const length = channels[0]?.length ?? 0;
  const padded = channels.map((channel) => {
    const longer = new Float32Array(length + limiter.latency);
    longer.set(channel);
    return longer;
  });
  const outputs = channels.map(() => new Float32Array(length));
  let written = 0;
  for (let from = 0; from < length + limiter.latency; from += block) {
    const out = limiter.push(padded.map((channel) => channel.subarray(from, from + block)));
    for (const [index, output] of outputs.entries()) output.set(out[index] ?? [], written);
    written += out[0]?.length ?? 0;
  }
  expect(written).toBe(length);
  return { outputs, limitedSamples: limiter.limited };
}

const peakOf = (samples: Float32Array): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

/** Index of the first sample that differs, −1 where none does. */
const difference = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  a === undefined || a.length !== b?.length ? 0 : a.findIndex((sample, index) => sample !== b[index]);

describe('the limiter', () => {
  test('sound below the ceiling · comes out as it went in, to the bit, in its place', () => {
    const input = noise(48_000, () => 0.3);
    const { outputs, limitedSamples } = limited([input]);
    expect(difference(outputs[0], input)).toBe(-1);
    expect(limitedSamples).toBe(0);
  });

  test.each([
    ['dense noise a hundred times too loud', () => 80],
    ['bursts', (index: number) => (index % 9600 < 1000 ? 30 : 0.1)],
    ['single samples', (index: number) => (index % 7001 === 0 ? 50 : 0.01)],
    ['a swell', (index: number) => index / 20_000],
  ])('%s · no sample passes the ceiling', (_name, amount) => {
    const { outputs } = limited([noise(96_000, amount)]);
    expect(peakOf(outputs[0] ?? new Float32Array())).toBeLessThanOrEqual(CEILING.lone * 1.0001);
  });

  test('blocks of any length · the same samples', () => {
    const input = noise(96_000, (index) => (index % 9600 < 1000 ? 3 : 0.1));
    const [short] = limited([input], CEILING, 160).outputs;
    const [long] = limited([input], CEILING, 48_000).outputs;
    expect(difference(short, long)).toBe(-1);
  });

  test('a peak between samples · counts', () => {
    const input = new Float32Array(48_000).map((_, index) => Math.sin((Math.PI / 2) * index + Math.PI / 4));
    const { outputs } = limited([input]);
    // At a quarter of the sample rate, 45° off, samples stand at 0.707 of the peak.
    expect(peakOf(outputs[0]?.subarray(2000, 46_000) ?? new Float32Array())).toBeCloseTo(
      0.8 * Math.SQRT1_2,
      2,
    );
  });

  test('two channels · both get the gain that one of them needs', () => {
    const loud = noise(48_000, () => 4);
    const quiet = loud.map((sample) => sample / 8);
    const { outputs } = limited([loud, quiet]);
    const [left, right] = outputs;
    for (let index = 0; index < 48_000; index += 101)
      expect(right?.[index]).toBeCloseTo((left?.[index] ?? Number.NaN) / 8, 5);
  });

  test('a crowd · gets the lower ceiling, a lone voice the higher', () => {
    const ceiling = { lone: 0.8, crowd: 0.4 };
    const { outputs } = limited([noise(48_000, () => 50)], ceiling);
    expect(peakOf(outputs[0] ?? new Float32Array())).toBeLessThanOrEqual(0.4001);
    const voice = noise(48_000, () => 0.3);
    expect(difference(limited([voice], ceiling).outputs[0], voice)).toBe(-1);
  });

  test('after a peak · the gain comes back all the way', () => {
    const input = noise(144_000, (index) => (index < 4800 ? 10 : 0.1));
    const { outputs, limitedSamples } = limited([input]);
    expect(difference(outputs[0]?.subarray(130_000), input.subarray(130_000))).toBe(-1);
    expect(limitedSamples).toBeLessThan(110_000);
  });
});
