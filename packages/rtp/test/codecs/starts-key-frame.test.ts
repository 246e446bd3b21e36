import { expect, test } from 'vitest';
import { type Codec, startsKeyFrame } from '../../src/index.ts';

const bytes = (...each: number[]) => Uint8Array.from(each);

// Invented, octet by octet from the payload formats.
test.each<[string, Codec, Uint8Array, boolean]>([
  ['vp8 · S, partition 0, P 0', 'vp8', bytes(0x10, 0x00), true],
  ['vp8 · P 1', 'vp8', bytes(0x10, 0x01), false],
  ['vp8 · not the start of a partition', 'vp8', bytes(0x00, 0x00), false],
  ['vp9 · B without P', 'vp9', bytes(0x88, 0x05, 0x00), true],
  ['vp9 · B with P', 'vp9', bytes(0xc8, 0x05, 0x00), false],
  ['h264 · an IDR slice', 'h264', bytes(0x65, 0x88), true],
  ['h264 · an aggregate that begins with an SPS', 'h264', bytes(0x78, 0x00, 0x02, 0x67, 0x42), true],
  ['h264 · the first fragment of an IDR slice', 'h264', bytes(0x7c, 0x85, 0x88), true],
  ['h264 · a later fragment of it', 'h264', bytes(0x7c, 0x05, 0x88), false],
  ['h264 · another slice', 'h264', bytes(0x41, 0x9a), false],
  ['av1 · N', 'av1', bytes(0x18, 0x0a), true],
  ['av1 · without N', 'av1', bytes(0x10, 0x30), false],
  ['opus · says nothing', 'opus', bytes(0x78), false],
])('%s', (_, codec, payload, starts) => {
  expect(startsKeyFrame(codec, payload)).toBe(starts);
});
