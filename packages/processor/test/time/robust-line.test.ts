import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineAt, median, robustLine } from '../../src/time/robust-line.ts';

/** A point every five seconds on a line of 120 s and `slope`, and what `noise` adds to each. */
const points = (count: number, slope: number, noise: (index: number) => number = () => 0) => ({
  atMs: Float64Array.from({ length: count }, (_, index) => 1_795_167_000_000 + index * 5000),
  valueMs: Float64Array.from({ length: count }, (_, index) => 120_000 + slope * index * 5000 + noise(index)),
});

describe('the robust line', () => {
  test('goes through points that lie on one', () => {
    const line = robustLine(points(120, 200e-6));
    expect(line.slope).toBeCloseTo(200e-6, 7);
    expect(lineAt(line, 1_795_167_000_000 + 300_000)).toBeCloseTo(120_060, 0);
    expect(line.spreadMs).toBeLessThan(0.01);
  });

  test('a fifth of the points may be anywhere', () => {
    const line = robustLine(points(120, -50e-6, (index) => (index % 5 === 0 ? 4000 : 0)));
    expect(line.slope).toBeCloseTo(-50e-6, 6);
  });

  test('a few points within seconds, a few ms off, are no drift', () => {
    const line = robustLine(points(5, 0, (index) => (index === 0 ? -4 : 0)));
    expect(Math.abs(line.slope) * 20_000).toBeLessThan(2);
  });

  test('a thousand points cost no more than some hundred', () => {
    const line = robustLine(points(20_000, 100e-6, (index) => (index % 3) - 1));
    expect(line.slope).toBeCloseTo(100e-6, 8);
  });

  test('one point has no slope', () => {
    expect(robustLine(points(1, 0))).toMatchObject({ slope: 0, valueMs: 120_000, spreadMs: 0 });
  });

  test('nothing has no line', () => {
    expect(() => robustLine(points(0, 0))).toThrow(RangeError);
  });
});

test('the median is the middle of what is sorted, and what was given stays as it was', () => {
  const values = fc.oneof(fc.array(fc.integer({ min: 0, max: 5 })), fc.array(fc.integer()));
  fc.assert(
    fc.property(
      values.filter(({ length }) => length > 0),
      (given) => {
        const sorted = given.toSorted((a, b) => a - b);
        const [lower, upper] = [sorted[(given.length - 1) >> 1], sorted[given.length >> 1]] as [
          number,
          number,
        ];
        const before = [...given];
        expect(median(given)).toBe((lower + upper) / 2);
        expect(given).toEqual(before);
      },
    ),
  );
  expect(median([])).toBeNaN();
});
