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

test('vp8, the first packet of a frame · 64 bytes of headers, and no more', () => {
  const bytes = Uint8Array.from([0x10, ...SECRET]);
  blankPayload('vp8', bytes);
  expect([...bytes]).toEqual([0x10, ...SECRET.slice(0, 64), ...SECRET.slice(64).map(() => 0)]);
});
