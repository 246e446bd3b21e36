import { expect, test } from 'vitest';
import { type Codec, payloadLayers } from '../../src/index.ts';

const bytes = (...each: number[]) => Uint8Array.from(each);

// Invented, octet by octet from the payload formats.
test.each<[string, Codec, Uint8Array, number | undefined, number | undefined]>([
  // X; T and K; TID 2; data
  ['vp8 · TID', 'vp8', bytes(0x90, 0x30, 0x80, 0x00), 2, undefined],
  ['vp8 · without an extension', 'vp8', bytes(0x10, 0x00), undefined, undefined],
  ['vp8 · ends inside its descriptor', 'vp8', bytes(0x90), undefined, undefined],
  // I P L B; picture id; TID 1, SID 2, D; TL0PICIDX; data
  ['vp9 · TID and SID', 'vp9', bytes(0xe8, 0x05, 0x25, 0x07, 0x00), 1, 2],
  ['vp9 · without layer indices', 'vp9', bytes(0x88, 0x05, 0x00), undefined, undefined],
  // W 1; frame OBU with extension: temporal 1, spatial 1
  ['av1 · of one element', 'av1', bytes(0x10, 0x34, 0x28, 0x00), 1, 1],
  // W 2: the first element has its size before it
  ['av1 · of two elements', 'av1', bytes(0x20, 0x03, 0x34, 0x48, 0x00, 0x30), 2, 1],
  ['av1 · an OBU without extension', 'av1', bytes(0x10, 0x30, 0x28, 0x00), undefined, undefined],
  ['av1 · goes on with the OBU before', 'av1', bytes(0x90, 0x34, 0x28), undefined, undefined],
  ['av1 · empty', 'av1', bytes(), undefined, undefined],
  ['h264 · has none', 'h264', bytes(0x65, 0x88), undefined, undefined],
  ['opus · has none', 'opus', bytes(0x78), undefined, undefined],
])('%s', (_, codec, payload, temporal, spatial) => {
  expect(payloadLayers(codec, payload)).toEqual({ temporal, spatial });
});
