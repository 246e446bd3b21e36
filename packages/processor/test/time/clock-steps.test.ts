import { describe, expect, test } from 'vitest';
import { commonSteps, stepsOf, withoutSteps } from '../../src/time/clock-steps.ts';

/** A point each second whose value is what `at` gives for it. */
const points = (count: number, at: (second: number) => number) =>
  Array.from({ length: count }, (_, second) => ({ atMs: second * 1000, valueMs: at(second) }));

describe('steps of a participant’s clock', () => {
  test('a clock that is set · where, and by how much', () => {
    const [step, ...others] = stepsOf(points(60, (second) => (second < 30 ? 0 : 4000)));
    expect(step).toEqual({ fromMs: 29_000, toMs: 30_000, byMs: 4000 });
    expect(others).toEqual([]);
  });

  test('two steps in a row · each by its own amount', () => {
    const level = (second: number) => (second < 30 ? 0 : second < 32 ? 500 : 200);
    expect(stepsOf(points(60, level)).map(({ byMs }) => byMs)).toEqual([500, -300]);
  });

  test('drift, a few ms of grain, and one report that is off are no steps', () => {
    expect(stepsOf(points(600, (second) => second * 0.5))).toEqual([]);
    expect(stepsOf(points(60, (second) => (second * 7) % 11))).toEqual([]);
    expect(stepsOf(points(60, (second) => (second === 20 ? 3000 : 0)))).toEqual([]);
  });

  test('streams that saw the same step share one, between the reports nearest to it', () => {
    const sound = { fromMs: 10_000, toMs: 15_000, byMs: 4001 };
    const picture = { fromMs: 12_000, toMs: 13_000, byMs: 3999 };
    const other = { fromMs: 40_000, toMs: 41_000, byMs: 4000 };
    expect(commonSteps([[sound], [picture, other]])).toEqual([
      { fromMs: 12_000, toMs: 13_000, byMs: 4000 },
      other,
    ]);
  });

  test('without its steps a clock runs on', () => {
    const set = points(60, (second) => (second < 30 ? 7 : 4007));
    expect(new Set(withoutSteps(set, stepsOf(set)).map(({ valueMs }) => valueMs))).toEqual(new Set([7]));
  });

  test('a clock that jumps at every report is none · no steps, and nothing is taken out', () => {
    const noise = points(40_000, (second) => (second * 7919) % 100_003);
    expect(stepsOf(noise)).toEqual([]);
    expect(withoutSteps(noise, stepsOf(noise))).toBe(noise);
  });

  test('more steps than all streams of a participant can have seen · none', () => {
    const steps = (stream: number) =>
      Array.from({ length: 60 }, (_, index) => ({
        fromMs: index * 1000,
        toMs: index * 1000 + 10,
        byMs: stream * 100,
      }));
    expect(commonSteps([steps(1)])).toHaveLength(60);
    expect(commonSteps(Array.from({ length: 40 }, (_, stream) => steps(stream)))).toEqual([]);
  });

  test('several steps, told in any order · each from its middle on', () => {
    const steps = [
      { fromMs: 9000, toMs: 31_000, byMs: 100 },
      { fromMs: 9500, toMs: 10_500, byMs: 10 },
    ];
    const without = withoutSteps(
      points(40, () => 0),
      steps,
    ).map(({ valueMs }) => valueMs);
    expect([without[10], without[11], without[20], without[21]]).toEqual([0, -10, -10, -110]);
  });
});
