import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byteLengthOf,
  date,
  encode,
  float,
  idAsBinary,
  int,
  master,
  uint,
  utf8,
  voidOf,
} from '../src/ebml/elements.ts';
import { Id } from '../src/ebml/ids.ts';
import { putId, putSize, sizeLength } from '../src/ebml/vint.ts';
import { readVint } from './support/ebml-reader.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function sizeOf(value: number, width?: number): Uint8Array {
  const bytes = new Uint8Array(8);
  return bytes.subarray(0, putSize(bytes, 0, value, width));
}

describe('sizes', () => {
  test.each([
    [0, '80'],
    [1, '81'],
    [126, 'fe'], // the last of one octet: ff means unknown
    [127, '407f'],
    [128, '4080'],
    [2 ** 14 - 2, '7ffe'],
    [2 ** 14 - 1, '203fff'],
    [2 ** 21 - 2, '3ffffe'],
    [2 ** 21 - 1, '101fffff'],
    [2 ** 28 - 2, '1ffffffe'],
    [2 ** 28 - 1, '080fffffff'],
    [2 ** 32, '0900000000'], // beyond what shifts can do
    [2 ** 35 - 2, '0ffffffffe'],
    [2 ** 35 - 1, '0407ffffffff'],
    [2 ** 42 - 2, '07fffffffffe'],
    [2 ** 42 - 1, '0203ffffffffff'],
    [2 ** 49 - 2, '03fffffffffffe'],
    [2 ** 49 - 1, '0101ffffffffffff'],
    [Number.MAX_SAFE_INTEGER, '011fffffffffffff'],
  ])('size %d is %s', (value, expected) => {
    expect(hex(sizeOf(value))).toBe(expected);
  });

  test.each([
    [5, 1, '85'],
    [5, 2, '4005'],
    [5, 4, '10000005'],
    [5, 8, '0100000000000005'],
  ])('size %d over %d octets is %s', (value, width, expected) => {
    expect(hex(sizeOf(value, width))).toBe(expected);
  });

  test('a size that does not fit its width is refused, also the one that would mean unknown', () => {
    expect(() => sizeOf(127, 1)).toThrow(RangeError);
    expect(() => sizeOf(2 ** 28 - 1, 4)).toThrow(RangeError);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d is no size', (value) => {
    expect(() => sizeLength(value)).toThrow(RangeError);
  });

  test('any size reads back, in the fewest octets, and never as unknown', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = sizeOf(value);
        const read = readVint(bytes, 0);
        expect(read).toEqual({ value: BigInt(value), length: bytes.length, allOnes: false });
        expect(bytes.length).toBe(sizeLength(value));
        if (bytes.length > 1) expect(() => sizeOf(value, bytes.length - 1)).toThrow(RangeError);
      }),
    );
  });

  test('any size reads back from any width that holds it', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 8 }), (value, width) => {
        fc.pre(width >= sizeLength(value));
        expect(readVint(sizeOf(value, width), 0)).toEqual({
          value: BigInt(value),
          length: width,
          allOnes: false,
        });
      }),
    );
  });

  test('around every boundary the width steps up by one', () => {
    for (let width = 1; width < 7; width++) {
      const last = 2 ** (7 * width) - 2;
      expect([sizeLength(last - 1), sizeLength(last), sizeLength(last + 1)]).toEqual([
        width,
        width,
        width + 1,
      ]);
    }
  });
});

describe('ids', () => {
  test('every id is a vint whose marker fits its length, of at most four octets', () => {
    for (const [name, id] of Object.entries(Id)) {
      const bytes = new Uint8Array(4);
      const length = putId(bytes, 0, id);
      expect([name, readVint(bytes, 0).length]).toEqual([name, length]);
      expect([name, readVint(bytes, 0).allOnes]).toEqual([name, false]);
    }
  });

  test('no id is there twice', () => {
    const ids = Object.values(Id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('values', () => {
  test.each([
    ['zero takes one octet', uint(Id.TrackNumber, 0), 'd7' + '81' + '00'],
    ['255', uint(Id.TrackNumber, 255), 'd7' + '81' + 'ff'],
    ['256', uint(Id.TrackNumber, 256), 'd7' + '82' + '0100'],
    ['80 ms in nanoseconds', uint(Id.SeekPreRoll, 80_000_000), '56bb' + '84' + '04c4b400'],
    ['2^32', uint(Id.Timestamp, 2 ** 32), 'e7' + '85' + '0100000000'],
    ['2^53 − 1', uint(Id.Timestamp, 2 ** 53 - 1), 'e7' + '87' + '1fffffffffffff'],
    ['fixed width', uint(Id.SeekPosition, 300, 8), '53ac' + '88' + '000000000000012c'],
    ['int 0', int(Id.ReferenceBlock, 0), 'fb' + '81' + '00'],
    ['int −1', int(Id.ReferenceBlock, -1), 'fb' + '81' + 'ff'],
    ['int −128', int(Id.ReferenceBlock, -128), 'fb' + '81' + '80'],
    ['int −129', int(Id.ReferenceBlock, -129), 'fb' + '82' + 'ff7f'],
    ['int 127', int(Id.ReferenceBlock, 127), 'fb' + '81' + '7f'],
    ['int 128', int(Id.ReferenceBlock, 128), 'fb' + '82' + '0080'],
    ['int of 64 bits', int(Id.ReferenceBlock, -(2n ** 63n)), 'fb' + '88' + '8000000000000000'],
    ['a float that four octets hold', float(Id.SamplingFrequency, 48000), 'b5' + '84' + '473b8000'],
    ['a float that needs eight', float(Id.SamplingFrequency, 0.1), 'b5' + '88' + '3fb999999999999a'],
    ['a float of eight on demand', float(Id.Duration, 1, 8), '4489' + '88' + '3ff0000000000000'],
    ['text', utf8(Id.Title, 'né'), '7ba9' + '83' + '6ec3a9'],
    ['empty text', utf8(Id.Title, ''), '7ba9' + '80'],
    ['text with a NUL keeps what follows', utf8(Id.Title, 'a\0b'), '7ba9' + '85' + '61efbfbd62'],
    ['half a surrogate pair becomes U+FFFD', utf8(Id.Title, '\ud800'), '7ba9' + '83' + 'efbfbd'],
    ['the date epoch', date(Id.DateUTC, Date.UTC(2001, 0, 1)), '4461' + '88' + '0000000000000000'],
    ['one ms before it', date(Id.DateUTC, Date.UTC(2001, 0, 1) - 1), '4461' + '88' + 'fffffffffff0bdc0'],
    ['a quarter of a ms', date(Id.DateUTC, Date.UTC(2001, 0, 1) + 0.25), '4461' + '88' + '000000000003d090'],
    ['an id as a value', idAsBinary(Id.SeekID, Id.Cues), '53ab' + '84' + '1c53bb6b'],
    ['the smallest void', voidOf(Id.Void, 2), 'ec' + '80'],
    ['a void of five', voidOf(Id.Void, 5), 'ec' + '83' + '000000'],
    [
      'a tree',
      master(Id.Seek, [uint(Id.CueTime, 1), undefined, master(Id.Seek, [])]),
      '4dbb' + '86' + 'b38101' + '4dbb80',
    ],
  ])('%s', (_, element, expected) => {
    expect(hex(encode(element))).toBe(expected);
    expect(byteLengthOf(element)).toBe(expected.length / 2);
  });

  test('what no element can hold is refused', () => {
    expect(() => uint(Id.Timestamp, -1)).toThrow(RangeError);
    expect(() => uint(Id.Timestamp, 1.5)).toThrow(RangeError);
    expect(() => uint(Id.Timestamp, 256, 1)).toThrow(RangeError);
    expect(() => int(Id.ReferenceBlock, 2n ** 63n)).toThrow(RangeError);
    expect(() => voidOf(Id.Void, 1)).toThrow(RangeError);
    expect(() => voidOf(Id.Void, 129)).toThrow(RangeError);
  });

  test('any signed integer reads back from the fewest octets', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const payload = encode(int(Id.ReferenceBlock, value)).subarray(2);
        const bits = 8 * payload.length;
        expect(BigInt.asIntN(bits, BigInt(`0x${hex(payload)}`))).toBe(value);
        if (bits > 8) expect(BigInt.asIntN(bits - 8, value)).not.toBe(value);
      }),
    );
  });
});
