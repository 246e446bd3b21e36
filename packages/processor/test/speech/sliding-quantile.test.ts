import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlidingQuantile } from '../../src/speech/sliding-quantile.ts';

/** The least number that makes up the share together with all below it, read off the sorted numbers. */
const byDefinition = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b).find((_, index) => index + 1 >= share * numbers.length) ?? 0;

test('numbers that come and go · the quantile of those that are there', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0.1, 0.5, 0.95),
      fc.array(fc.record({ number: fc.nat(31), stays: fc.nat(20) }), { maxLength: 200 }),
      (share, entries) => {
        const quantile = new SlidingQuantile(share, 32);
        let there: { number: number; until: number }[] = [];
        for (const [index, { number, stays }] of entries.entries()) {
          quantile.add(number);
          there.push({ number, until: index + stays });
          for (const gone of there.filter(({ until }) => until <= index)) quantile.remove(gone.number);
          there = there.filter(({ until }) => until > index);
          const expected = byDefinition(
            there.map((each) => each.number),
            share,
          );
          expect(quantile.value).toBe(expected);
        }
      },
    ),
  );
});
