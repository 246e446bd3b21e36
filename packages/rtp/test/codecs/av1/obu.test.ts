import { describe, expect, it } from 'vitest';
import { readObu } from '../../../src/codecs/av1/obu.ts';
import { hex } from '../packets.ts';

function read(...texts: string[]) {
  const obu = readObu(texts.map(hex));
  return obu && { ...obu, payload: obu.payload.map((piece) => [...piece]) };
}

describe('av1 obu', () => {
  it.each([
    ['without a size', ['30 aa bb'], { type: 6, head: hex('32 02'), payload: [[0xaa, 0xbb]] }],
    ['with one', ['32 02 aa bb'], { type: 6, head: hex('32 02'), payload: [[0xaa, 0xbb]] }],
    [
      'with a size in more bytes than needed',
      ['32 82 00 aa bb'],
      { type: 6, head: hex('32 02'), payload: [[0xaa, 0xbb]] },
    ],
    ['with an extension', ['34 48 aa'], { type: 6, head: hex('36 48 01'), payload: [[0xaa]] }],
    ['with extension and size', ['36 48 01 aa'], { type: 6, head: hex('36 48 01'), payload: [[0xaa]] }],
    [
      'in pieces, cut in its header',
      ['34', '48', 'aa', 'bb cc'],
      { type: 6, head: hex('36 48 03'), payload: [[0xaa], [0xbb, 0xcc]] },
    ],
    ['without a payload', ['10'], { type: 2, head: hex('12 00'), payload: [] }],
    [
      'with bytes behind its size, which are not its own',
      ['32 01 aa bb'],
      { type: 6, head: hex('32 01'), payload: [[0xaa]] },
    ],
  ])('gets a size field: %s (invented)', (_name, texts, expected) => {
    expect(read(...texts)).toEqual(expected);
  });

  it('gets a size field of two bytes from 128 bytes on', () => {
    expect(read(`30 ${'00 '.repeat(128)}`)?.head).toEqual(hex('32 80 01'));
  });

  it.each([
    ['nothing', []],
    ['forbidden bit', ['b0 aa']],
    ['extension missing', ['34']],
    ['size missing', ['32']],
    ['size beyond its bytes', ['32 03 aa bb']],
  ])('refuses: %s', (_name, texts) => {
    expect(read(...texts)).toBeUndefined();
  });
});
