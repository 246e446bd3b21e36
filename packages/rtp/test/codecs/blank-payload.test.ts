import { expect, test } from 'vitest';
import { blankPayload, type Codec } from '../../src/index.ts';

const SECRET = Array.from({ length: 100 }, (_, index) => 100 + index);

// Invented: heads from the payload formats, then bytes that must not be left.
test.each<[string, Codec, number[], number[]]>([
  [
    'opus, CELT · its TOC, and ones, which are silence',
    'opus',
    [0xf8, ...SECRET],
    [0xf8, ...SECRET.map(() => 0xff)],
  ],
  [
    'opus, SILK · its TOC and the voice flag',
    'opus',
    [0x08, 0xff, ...SECRET],
    [0x08, 0x80, ...SECRET.map(() => 0)],
  ],
  [
    'vp8, not the first packet of a frame · its descriptor',
    'vp8',
    [0x00, ...SECRET],
    [0x00, ...SECRET.map(() => 0)],
  ],
  ['h264, parameter sets · all', 'h264', [0x67, ...SECRET], [0x67, ...SECRET]],
  [
    'h264, a later fragment · its two headers',
    'h264',
    [0x7c, 0x05, ...SECRET],
    [0x7c, 0x05, ...SECRET.map(() => 0xff)],
  ],
  ['h264, a long SEI · its type', 'h264', [0x06, 0x05, ...SECRET], [0x06, 0x05, ...SECRET.map(() => 0xff)]],
  [
    'av1, an element that goes on · its aggregation header',
    'av1',
    [0x90, ...SECRET],
    [0x90, ...SECRET.map(() => 0)],
  ],
  [
    'vp9, not the start of a frame · its descriptor',
    'vp9',
    [0x80, 0x05, ...SECRET],
    [0x80, 0x05, ...SECRET.map(() => 0)],
  ],
  ['nothing · stays', 'opus', [], []],
])('%s', (_, codec, payload, left) => {
  const bytes = Uint8Array.from(payload);
  blankPayload(codec, bytes);
  expect([...bytes]).toEqual(left);
});

/** How many bytes of a payload are left, where the others become `blank`. */
function leftOf(codec: Codec, payload: readonly number[], blank: number): number {
  const bytes = Uint8Array.from(payload);
  blankPayload(codec, bytes);
  const left = bytes.findLastIndex((byte) => byte !== blank) + 1;
  expect([...bytes.subarray(0, left)]).toEqual(payload.slice(0, left));
  return left;
}

// Of an inter frame behind its 3 bytes: no segments, a filter without adjustments, one partition: 15 bits that are 0. Then what is seen.
test('vp8, the first packet of a frame · its headers up to the number of partitions, and nothing of the picture', () => {
  const inter = [0x10, 0x31, 0x02, 0x00, 0x00, 0x00, 0x00, ...SECRET];
  expect(leftOf('vp8', inter, 0)).toBeLessThanOrEqual(8);
  const key = [0x10, 0x30, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, 0x00, 0x00, 0x00, ...SECRET];
  expect(leftOf('vp8', key, 0)).toBeLessThanOrEqual(15);
});

test('vp9, the first packet of a frame · its uncompressed header, and nothing of the picture', () => {
  // B and E; marker, inter frame, shown; refresh, references, size from the first of them.
  const inter = [
    0x8c,
    0x05,
    0x86,
    0x00,
    0x40,
    0x92,
    0x80,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    0x00,
    ...SECRET,
  ];
  expect(leftOf('vp9', inter, 0)).toBeLessThanOrEqual(24);
});

test('h264, a slice · 32 bytes, in which its header is', () => {
  expect(leftOf('h264', [0x41, ...SECRET], 0xff)).toBe(32);
  expect(leftOf('h264', [0x5c, 0x81, ...SECRET], 0xff)).toBe(33);
});
