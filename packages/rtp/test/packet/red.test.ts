import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRed } from '../../src/packet/red.ts';

describe('red', () => {
  test('red · a payload without redundancy is one byte and the primary block', () => {
    expect(parseRed(new Uint8Array([111, 1, 2, 3]))).toEqual({
      primary: { payloadType: 111, timestampOffset: 0, start: 1, end: 4 },
      redundant: [],
    });
  });

  test('red · reads offsets and lengths of redundant blocks, oldest first', () => {
    const payload = new Uint8Array([
      ...[0x80 | 111, 0x1e, 0x00, 0x02], // 1920 ticks ago, 2 bytes
      ...[0x80 | 111, 0x0f, 0x00, 0x01], // 960 ticks ago, 1 byte
      ...[111], // primary
      ...[1, 2],
      ...[3],
      ...[4, 5, 6],
    ]);
    expect(parseRed(payload)).toEqual({
      primary: { payloadType: 111, timestampOffset: 0, start: 12, end: 15 },
      redundant: [
        { payloadType: 111, timestampOffset: 1920, start: 9, end: 11 },
        { payloadType: 111, timestampOffset: 960, start: 11, end: 12 },
      ],
    });
  });

  test('red · takes the largest offset and length for what they are', () => {
    const payload = new Uint8Array([0xff, 0xff, 0xff, 0xff, 5, ...new Array<number>(1023).fill(0)]);
    expect(parseRed(payload)?.redundant).toEqual([
      { payloadType: 127, timestampOffset: 16383, start: 5, end: 1028 },
    ]);
  });

  test.each([
    ['nothing', []],
    ['a header without its rest', [0x80 | 111, 0, 0]],
    ['no primary header', [0x80 | 111, 0, 0, 0]],
    ['a block longer than the payload', [0x80 | 111, 0, 0, 2, 111, 1]],
  ])('red · refuses %s', (_, bytes) => {
    expect(parseRed(new Uint8Array(bytes))).toBeUndefined();
  });

  test('red · random payloads never throw, and blocks tile what is behind the headers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (payload) => {
        const red = parseRed(payload);
        if (red === undefined) return;
        const blocks = [...red.redundant, red.primary];
        let at = 4 * red.redundant.length + 1;
        for (const { start, end } of blocks) {
          expect(start).toBe(at);
          expect(end).toBeGreaterThanOrEqual(start);
          at = end;
        }
        expect(at).toBe(payload.length);
      }),
    );
  });
});
