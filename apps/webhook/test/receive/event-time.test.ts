import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventTimeOf } from '../../src/receive/event-time.ts';

const MS = Date.UTC(2026, 10, 26, 23, 33, 30, 123);

describe('times in events', () => {
  test.each<[string, unknown, number]>([
    ['nine decimals, cut', '2026-11-26T23:33:30.123999999Z', MS],
    ['three decimals', '2026-11-26T23:33:30.123Z', MS],
    ['one decimal', '2026-11-26T23:33:30.1Z', MS - 23],
    ['none', '2026-11-26T23:33:30Z', MS - 123],
    ['an offset', '2026-11-27T01:03:30.123+01:30', MS],
    ['small letters', '2026-11-26t23:33:30.123z', MS],
    ['a blank between', '2026-11-26 23:33:30.123Z', MS],
    ['a leap second', '2026-12-31T23:59:60Z', Date.UTC(2026, 11, 31, 23, 59, 59)],
    ['nanoseconds', JSON.parse('1795736010123456789'), MS],
    ['the beginning', 0, 0],
  ])('%s', (_what, value, expected) => {
    expect(eventTimeOf(value)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['words', 'yesterday'],
    ['a date', '2026-11-26'],
    ['without a zone', '2026-11-26T23:33:30'],
    ['ten decimals', '2026-11-26T23:33:30.1234567890Z'],
    ['month 13', '2026-13-26T23:33:30Z'],
    ['before 1970', '1969-12-31T23:59:59Z'],
    ['negative', -1],
    ['a fraction', 1.5],
    ['beyond what Date has', 1e30],
    ['a number as text', '1795736010123456789'],
    ['nothing', null],
    ['an object', {}],
  ])('%s is none', (_what, value) => {
    expect(eventTimeOf(value)).toBeUndefined();
  });

  test('nanoseconds lose nothing in the double that JSON makes of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_600_000_000_000, max: 4_000_000_000_000 }), (ms) => {
        expect(eventTimeOf(JSON.parse(`${ms}000000`))).toBe(ms);
        expect(eventTimeOf(JSON.parse(`${ms}999000`))).toBe(ms);
      }),
    );
  });
});
