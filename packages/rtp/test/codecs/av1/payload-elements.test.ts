import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readElements } from '../../../src/codecs/av1/payload-elements.ts';
import { hex } from '../packets.ts';

function read(text: string) {
  const elements: Uint8Array[] = [];
  return { header: readElements(hex(text), elements), elements };
}

describe('av1 payload elements', () => {
  it('reads a packet with a sequence header and a frame (witnessed: Chromium, frame cut short)', () => {
    // 28: W 2, N · 0b: size 11 · 08 …: sequence header OBU · 30 …: frame OBU, whose size the packet's end gives
    const { header, elements } = read('28 0b 08 00 00 00 04 47 7e 1a 00 d0 04 30 10 4b 10 1a');
    expect(header).toEqual({ continues: false, unfinished: false, startsSequence: true });
    expect(elements).toEqual([hex('08 00 00 00 04 47 7e 1a 00 d0 04'), hex('30 10 4b 10 1a')]);
  });

  it.each([
    [
      'the beginning of a frame',
      '50 30 30 c0',
      { continues: false, unfinished: true, startsSequence: false },
    ],
    ['the end of one', '90 64 84 af', { continues: true, unfinished: false, startsSequence: false }],
  ])('reads a packet with %s (witnessed: Chromium)', (_name, text, header) => {
    expect(read(text)).toEqual({ header, elements: [hex(text).subarray(1)] });
  });

  it('reads a size before every element where W is 0 (invented)', () => {
    expect(read('c0 01 aa 02 bb cc 00').elements).toEqual([hex('aa'), hex('bb cc'), hex('')]);
  });

  it('reads three elements, the last without a size (invented)', () => {
    expect(read('30 01 aa 81 00 bb cc dd').elements).toEqual([hex('aa'), hex('bb'), hex('cc dd')]);
  });

  it('reads an empty last element, with a size or without (invented)', () => {
    expect(read('20 01 aa').elements).toEqual([hex('aa'), hex('')]);
    expect(read('00 01 aa 00').elements).toEqual([hex('aa'), hex('')]);
  });

  it.each([
    ['empty', ''],
    ['no element', '00'],
    ['no last element', '10'],
    ['a size beyond the payload', '00 03 aa bb'],
    ['a cut size', '00 80'],
    ['fewer elements than W says', '30 01 aa'],
  ])('refuses, and gives no element: %s', (_name, text) => {
    expect(read(text)).toEqual({ header: undefined, elements: [] });
  });

  it('never throws, and gives views that follow one another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (payload) => {
        const elements: Uint8Array[] = [];
        readElements(payload, elements);
        let end = 0;
        for (const element of elements) {
          expect(element.buffer).toBe(payload.buffer);
          expect(element.byteOffset).toBeGreaterThanOrEqual(end);
          end = element.byteOffset + element.length;
        }
        expect(end).toBeLessThanOrEqual(payload.byteOffset + payload.length);
      }),
      { numRuns: 2000 },
    );
  });
});
