import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader } from '../../src/codecs/bit-reader.ts';

const bits = (text: string): Uint8Array => {
  const packed = text.replaceAll(' ', '');
  const bytes = new Uint8Array(Math.ceil(packed.length / 8));
  for (const [i, bit] of [...packed].entries()) {
    if (bit === '1') bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (0x80 >> (i & 7));
  }
  return bytes;
};

describe('bit reader', () => {
  it('reads fields across bytes, most significant bit first', () => {
    const reader = new BitReader(Uint8Array.of(0b1010_0110, 0b1111_0000, 0xff));
    expect([reader.readBit(), reader.readBits(2), reader.readBits(7), reader.readFlag()]).toEqual([
      1,
      0b01,
      0b0011011,
      true,
    ]);
    expect([reader.position, reader.bitsLeft, reader.overrun]).toEqual([11, 13, false]);
  });

  it('reads 32 bits as an unsigned number', () => {
    expect(new BitReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff)).readBits(32)).toBe(0xffff_ffff);
  });

  it.each([
    ['1', 0, 0],
    ['010', 1, 1],
    ['011', 2, -1],
    ['00100', 3, 2],
    ['00101', 4, -2],
    ['0001000', 7, 4],
    ['0000000000000000000000000000000 1 1111111111111111111111111111111', 2 ** 32 - 2, -(2 ** 31 - 1)],
  ])('reads the Exp-Golomb code %s as ue %d and se %d', (code, ue, se) => {
    expect(new BitReader(bits(code)).readUnsignedExpGolomb()).toBe(ue);
    expect(new BitReader(bits(code)).readSignedExpGolomb()).toBe(se);
  });

  it('never throws past the end: zeros, and overrun stays set', () => {
    const reader = new BitReader(Uint8Array.of(0xff));
    expect(reader.readBits(12)).toBe(0xff0);
    expect([reader.overrun, reader.readBit(), reader.readUnsignedExpGolomb()]).toEqual([true, 0, 0]);
    const skipping = new BitReader(Uint8Array.of(0xff));
    skipping.skipBits(9);
    expect([skipping.overrun, skipping.bitsLeft]).toEqual([true, 0]);
    expect(new BitReader(new Uint8Array(0)).overrun).toBe(false);
  });

  it('calls a code of 32 zeros an overrun instead of reading on', () => {
    const reader = new BitReader(new Uint8Array(100));
    reader.readUnsignedExpGolomb();
    expect(reader.overrun).toBe(true);
    expect(reader.position).toBeLessThanOrEqual(32);
  });

  it('reads back whatever fields were written', () => {
    const field = fc
      .integer({ min: 0, max: 32 })
      .chain((width) => fc.tuple(fc.constant(width), fc.integer({ min: 0, max: 2 ** width - 1 })));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
        const text = fields.map(([width, value]) => (width ? value.toString(2).padStart(width, '0') : ''));
        const reader = new BitReader(bits(text.join('')));
        expect(fields.map(([width]) => reader.readBits(width))).toEqual(fields.map(([, value]) => value));
        expect(reader.overrun).toBe(false);
      }),
    );
  });
});
