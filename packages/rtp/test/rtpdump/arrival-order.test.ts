import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ArrivalOrder } from '../../src/rtpdump/arrival-order.ts';
import type { RtpdumpRecord } from '../../src/rtpdump/rtpdump-reader.ts';

const BYTES = new Uint8Array(0);

function ordered(offsets: readonly number[]): { offsets: number[]; order: ArrivalOrder } {
  const order = new ArrivalOrder();
  const out: RtpdumpRecord[] = [];
  for (const [position, offsetMs] of offsets.entries()) {
    const record: RtpdumpRecord = { offsetMs, kind: 'rtp', bytes: BYTES, position, truncated: false };
    if (order.follows(record)) out.push(record);
    else out.push(...order.settle(record));
  }
  out.push(...order.end());
  expect(out.map(({ position }) => position)).toEqual([...offsets.keys()]);
  return { offsets: out.map(({ offsetMs }) => offsetMs), order };
}

/** Every 20 ms. */
const every20 = (count: number, fromMs = 0): number[] =>
  Array.from({ length: count }, (_, index) => fromMs + index * 20);

const HOURS_MS = 2 ** 24;

describe('what is true stays as it is', () => {
  test.each([
    ['nothing', []],
    ['one record, hours in', [HOURS_MS]],
    ['records 20 ms apart', every20(100)],
    ['a pause of hours', [...every20(20), ...every20(20, HOURS_MS)]],
    ['a pause before the last record', [...every20(20), HOURS_MS]],
    ['a pause behind the first record', [0, ...every20(20, HOURS_MS)]],
    ['a report every five seconds and nothing else', every20(20).map((ms) => ms * 250)],
    ['a burst behind a freeze', [...every20(20), ...new Array(50).fill(2900)]],
    ['threads that write a little out of turn', [0, 20, 60, 40, 130, 80, 100, 120]],
    ['the server’s clock set back by 2 s', [...every20(200), ...every20(200, 2000)]],
    ['the server’s clock set back by hours', [...every20(20, HOURS_MS), ...every20(20)]],
    ['the server’s clock set ahead', [...every20(20), ...every20(20, 90_000)]],
  ])('%s', (_, offsets) => {
    const { offsets: out, order } = ordered(offsets);
    expect(out).toEqual(offsets);
    expect(order.contradicted).toBeUndefined();
  });
});

describe('what its neighbours contradict', () => {
  const with20 = (wrong: readonly (readonly [at: number, ms: number])[]): number[] => {
    const offsets = every20(100, 30_000);
    for (const [at, ms] of wrong) offsets[at] = ms;
    return offsets;
  };

  test.each([
    ['ahead, among others', 50],
    ['ahead, at the beginning', 0],
    ['ahead, one before the end', 98],
  ])('%s · comes with the next one', (_, at) => {
    const { offsets, order } = ordered(with20([[at, HOURS_MS]]));
    expect(offsets).toEqual(with20([[at, 30_000 + (at + 1) * 20]]));
    expect(order.contradicted).toEqual({ records: 1, byMs: HOURS_MS - (30_000 + (at + 1) * 20) });
  });

  test('back, among others · comes with the next one', () => {
    const { offsets, order } = ordered(with20([[50, 0]]));
    expect(offsets).toEqual(with20([[50, 31_020]]));
    expect(order.contradicted).toEqual({ records: 1, byMs: -31_020 });
  });

  test('back, at the end · comes with the one before', () => {
    expect(ordered(with20([[99, 0]])).offsets).toEqual(with20([[99, 31_960]]));
  });

  test('back by less than a jump of the clock · still not believed', () => {
    expect(ordered(with20([[50, 30_700]])).offsets).toEqual(with20([[50, 31_020]]));
  });

  test('four in a row · none is believed', () => {
    const four = [50, 51, 52, 53];
    for (const ms of [HOURS_MS, 0]) {
      const { offsets, order } = ordered(with20(four.map((at) => [at, ms + at])));
      expect(offsets).toEqual(with20(four.map((at) => [at, 31_080])));
      expect(order.contradicted?.records).toBe(4);
    }
  });

  test('five in a row · say the same, which is for others to judge', () => {
    const offsets = with20([50, 51, 52, 53, 54].map((at) => [at, HOURS_MS + at * 20]));
    expect(ordered(offsets).offsets).toEqual(offsets);
  });
});

test('property · up to four flipped high bits apart from each other are undone to within a record or two', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 38 }), fc.integer({ min: 12, max: 31 })), {
        maxLength: 4,
      }),
      (flips) => {
        const truth = every20(400);
        const offsets = truth.slice();
        for (const [place, bit] of flips) {
          // The last few have nobody behind them.
          const at = place * 10;
          offsets[at] = ((truth[at] as number) ^ (2 ** bit)) >>> 0;
        }
        const out = ordered(offsets).offsets;
        expect(out.every((ms, at) => Math.abs(ms - (truth[at] as number)) <= 40)).toBe(true);
      },
    ),
  );
});

test('property · offsets of any kind · every record comes out once, in its place', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 60 }), (offsets) => {
      expect(ordered(offsets).offsets).toHaveLength(offsets.length);
    }),
  );
});
