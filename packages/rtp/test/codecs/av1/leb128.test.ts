import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leb128, readLeb128 } from '../../../src/codecs/av1/leb128.ts';
import { hex } from '../packets.ts';

describe('av1 leb128', () => {
  it.each([
    ['00', 0, 1],
    ['7f', 127, 1],
    ['80 01', 128, 2],
    ['e5 8e 26', 624485, 3],
    ['ff ff ff ff 0f', 0xffff_ffff, 5],
    ['81 80 80 80 80 80 80 00', 1, 8],
  ])('reads %s', (text, value, length) => {
    expect(readLeb128(hex(text), 0)).toEqual({ value, length });
  });

  it.each([
    ['nothing', ''],
    ['cut', '80 80'],
    ['above 32 bits', '80 80 80 80 10'],
    ['nine bytes', '80 80 80 80 80 80 80 80 00'],
  ])('refuses: %s', (_name, text) => {
    expect(readLeb128(hex(text), 0)).toBeUndefined();
  });

  it('reads back what it wrote, in the shortest form', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (value) => {
        const bytes = leb128(value);
        expect(readLeb128(Uint8Array.from(bytes), 0)).toEqual({ value, length: bytes.length });
        expect(bytes.length).toBe(Math.max(1, Math.ceil(Math.log2(value + 1) / 7)));
      }),
    );
  });
});
