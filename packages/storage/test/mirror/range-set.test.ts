import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RangeSet } from '../../src/mirror/range-set.ts';

const range = fc
  .tuple(fc.nat(60), fc.nat(60))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

describe('range set', () => {
  test('knows of each position whether it was added, however the ranges lie', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), range, (added, asked) => {
        const set = new RangeSet();
        const known = new Set<number>();
        for (const { from, to } of added) {
          const before = known.size;
          for (let at = from; at < to; at += 1) known.add(at);
          expect(set.add({ from, to })).toBe(known.size - before);
        }
        const positions = Array.from({ length: asked.to - asked.from }, (_, index) => asked.from + index);
        const gaps = [...set.gaps(asked)];
        const inGap = (at: number) => gaps.some(({ from, to }) => from <= at && at < to);
        expect(set.byteLength).toBe(known.size);
        expect(set.covers(asked)).toBe(positions.every((at) => known.has(at)));
        expect(positions.filter(inGap)).toEqual(positions.filter((at) => !known.has(at)));
        let end = asked.from;
        while (known.has(end)) end += 1;
        expect(set.endOf(asked.from)).toBe(end);
      }),
    );
  });

  test('its ranges are sorted, never empty and never touch', () => {
    fc.assert(
      fc.property(fc.array(range), (added) => {
        let last = -1;
        for (const { from, to } of new RangeSet(added)) {
          expect(from).toBeGreaterThan(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
      }),
    );
  });
});
