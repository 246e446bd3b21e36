import { describe, expect, test } from 'vitest';
import { along, bentLine } from '../../src/time/clock-line.ts';

/** Of a clock at reports every five seconds. */
const seen = (offsets: readonly number[], seconds = offsets.map((_, index) => index * 5)) => ({
  atMs: Float64Array.from(seconds, (at) => at * 1000),
  valueMs: Float64Array.from(offsets),
});

/** Reports at their moments, of a rate that swings by 0.3 %: 45 ms either way within 92 s. Four of them in the first half. */
const SECONDS = [0, 7, 14, 21, 29, 34, 38, 43, 47, 51, 56];
const SWING = SECONDS.map((at) => 45 * Math.cos((at * 2 * Math.PI) / 92));

describe('a line that may bend', () => {
  test('follows a rate that swings within a minute, where few reports tell of it', () => {
    const line = bentLine(seen(SWING, SECONDS));
    for (const [index, at] of SECONDS.entries())
      expect(Math.abs(along(line, at * 1000) - (SWING[index] as number))).toBeLessThan(15);
  });

  test('is in pieces that meet', () => {
    const line = bentLine(seen(SWING, SECONDS));
    expect(line.length).toBeGreaterThan(1);
    for (const [index, { startMs }] of line.slice(1).entries()) expect(startMs).toBe(line[index]?.endMs);
  });

  test('is straight through points that scatter, and one that is off', () => {
    expect(bentLine(seen([1, -1, 0, 1, -1, 12, 1, 0, -1, 1]))).toHaveLength(1);
  });

  test('stays beyond its ends where it is', () => {
    const line = bentLine(seen([0, 1, 2, 3]));
    expect(along(line, -60_000)).toBeCloseTo(0, 6);
    expect(along(line, 60_000)).toBeCloseTo(3, 6);
  });
});
