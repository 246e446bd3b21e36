import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSuperframe, superframeIndex } from '../../../src/codecs/vp9/superframe.ts';
import { hex } from '../packets.ts';
import { concat, framesIn } from './frames.ts';

function split(...chunks: Uint8Array[]): Uint8Array[] {
  return splitSuperframe(chunks).map((frame) => concat(...frame));
}

describe('vp9 superframe', () => {
  it.each([
    ['one byte a size', [1, 255], 'c1 01 ff c1'],
    ['two', [256, 3], 'c9 00 01 03 00 c9'],
    ['three', [65536, 1, 2], 'd2 00 00 01 01 00 00 02 00 00 d2'],
    ['four', [2 ** 24, 1], 'd9 00 00 00 01 01 00 00 00 d9'],
  ])('writes its index with as few bytes as the sizes need: %s', (_name, sizes, text) => {
    expect(superframeIndex(sizes)).toEqual(hex(text));
  });

  it('is told by both ends of the index', () => {
    const data = hex('aa bb cc c1 01 02 c1');
    expect(split(data)).toEqual([hex('aa'), hex('bb cc')]);
    expect(split(hex('aa bb cc c0 01 02 c1'))).toEqual([hex('aa bb cc c0 01 02 c1')]);
  });

  it.each([
    ['sizes beyond the data', 'aa bb c1 01 02 c1'],
    ['no room for the index', 'c7'],
    ['nothing but empty frames', 'aa c1 00 00 c1'],
  ])('is no superframe: %s', (_name, text) => {
    expect(split(hex(text))).toEqual([hex(text)]);
  });

  it('leaves out frames of size 0', () => {
    expect(split(hex('aa bb c2 01 00 01 c2'))).toEqual([hex('aa'), hex('bb')]);
  });

  it('gives back the frames it was made of, however the packets cut it', () => {
    const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 50 }), (parts, size) => {
        const data = concat(...parts, superframeIndex(parts.map((part) => part.length)));
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < data.length; at += size) chunks.push(data.subarray(at, at + size));
        expect(split(...chunks)).toEqual(parts);
        expect(framesIn(data)).toEqual(parts);
      }),
    );
  });
});
