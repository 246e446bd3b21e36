import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LooseEgress, pairByTime, type TimedFile } from '../src/ledger/pair-by-time.ts';

interface Row {
  readonly name: string;
  readonly egresses: readonly LooseEgress[];
  readonly files: readonly TimedFile[];
  readonly whole?: readonly TimedFile[];
  readonly pairs: Readonly<Record<string, string>>;
}

const egress = (id: string, beginsMs?: number, endsMs?: number): LooseEgress => ({ id, beginsMs, endsMs });
const file = (id: string, beginsMs: number, endsMs?: number): TimedFile => ({ id, beginsMs, endsMs });

const ROWS: readonly Row[] = [
  { name: 'one of each', egresses: [egress('e', 10)], files: [file('f', 11)], pairs: { e: 'f' } },
  {
    name: 'begun at the same millisecond',
    egresses: [egress('e', 10)],
    files: [file('f', 10)],
    pairs: { e: 'f' },
  },
  {
    name: 'a file that begins a millisecond before its event was made',
    egresses: [egress('e', 10, 20)],
    files: [file('f', 9, 20)],
    pairs: { e: 'f' },
  },
  { name: 'a file that ended before', egresses: [egress('e', 10)], files: [file('f', 5, 9)], pairs: {} },
  {
    name: 'a file that began long before',
    egresses: [egress('e', 5000)],
    files: [file('f', 9, 9000)],
    pairs: {},
  },
  {
    name: 'each to its own, though the next one started soon after',
    egresses: [egress('e1', 11, 1000), egress('e2', 1010, 2000)],
    files: [file('f1', 10, 1000), file('f2', 1009, 2000)],
    pairs: { e1: 'f1', e2: 'f2' },
  },
  {
    name: 'two of each, each to the nearest',
    egresses: [egress('e1', 0), egress('e2', 10)],
    files: [file('f2', 11), file('f1', 1)],
    pairs: { e1: 'f1', e2: 'f2' },
  },
  {
    name: 'stopped before the file begins',
    egresses: [egress('e', 0, 5)],
    files: [file('f', 11)],
    pairs: {},
  },
  {
    name: 'only the stop is known',
    egresses: [egress('e', undefined, 20)],
    files: [file('f', 11)],
    pairs: { e: 'f' },
  },
  { name: 'nothing is known', egresses: [egress('e')], files: [file('f', 11)], pairs: {} },
  {
    name: 'one whose start is known before one whose stop is',
    egresses: [egress('stop', undefined, 20), egress('start', 5)],
    files: [file('f', 11)],
    pairs: { start: 'f' },
  },
  {
    name: 'another recording, of known names, between the two',
    egresses: [egress('e', 0)],
    files: [file('f', 20)],
    whole: [file('w', 10)],
    pairs: {},
  },
  {
    name: 'another recording, of known names, before both',
    egresses: [egress('e', 5)],
    files: [file('f', 20)],
    whole: [file('w', 1)],
    pairs: { e: 'f' },
  },
];

describe('egress and file are joined by time', () => {
  test.each(ROWS)('$name', ({ egresses, files, whole = [], pairs }) => {
    expect(Object.fromEntries(pairByTime(egresses, files, whole))).toEqual(pairs);
  });

  test('whatever the order in which they were heard of, and no file twice', () => {
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 5 });
    fc.assert(
      fc.property(times, times, fc.infiniteStream(fc.nat()), (begins, starts, random) => {
        const egresses = begins.map((ms, index) => egress(`e${index}`, ms));
        const files = starts.map((ms, index) => file(`f${index}`, ms));
        const pairs = pairByTime(egresses, files, []);
        const shuffled = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        expect(new Map([...pairByTime(shuffled(egresses), shuffled(files), [])].sort())).toEqual(
          new Map([...pairs].sort()),
        );
        expect(new Set(pairs.values()).size).toBe(pairs.size);
      }),
    );
  });
});
