import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newVp8Descriptor, readVp8Descriptor } from '../../../src/codecs/vp8/vp8-descriptor.ts';
import { hex } from '../packets.ts';

const read = (text: string) => {
  const descriptor = newVp8Descriptor();
  return readVp8Descriptor(hex(text), descriptor) ? descriptor : undefined;
};

const NOTHING = {
  nonReference: false,
  partitionStart: false,
  partition: 0,
  pictureId: -1,
  tl0PicIdx: -1,
  temporalId: -1,
  layerSync: false,
};

describe('vp8 · payload descriptor', () => {
  it.each([
    [
      'of the first packet of a Chromium frame (witnessed)',
      // X S PID 0 · I · M PictureID 0x7185 · VP8: size0, H, VER 0, key
      '90 80 f185 b04900',
      { ...NOTHING, size: 4, partitionStart: true, pictureId: 0x7185 },
    ],
    [
      'of a later packet of a Chromium frame (witnessed)',
      // X, neither S nor PID · I · M PictureID 0x7190 · VP8
      '80 80 f190 1cd82d',
      { ...NOTHING, size: 4, pictureId: 0x7190 },
    ],
    // S PID 0 · VP8
    ['of one byte (invented)', '10 00', { ...NOTHING, size: 1, partitionStart: true }],
    // N S PID 3 · VP8
    [
      'of a discardable third partition (invented)',
      '33 00',
      { ...NOTHING, size: 1, nonReference: true, partitionStart: true, partition: 3 },
    ],
    // X S · I · 7-bit PictureID 0x11 · VP8
    [
      'with a short picture id (invented)',
      '90 80 11 00',
      { ...NOTHING, size: 3, partitionStart: true, pictureId: 0x11 },
    ],
    [
      'with everything (invented)',
      // X S · I L T K · M PictureID 0x1234 · TL0PICIDX 0x56 · TID 2, Y, KEYIDX 5 · VP8
      '90 f0 9234 56 a5 00',
      {
        ...NOTHING,
        size: 6,
        partitionStart: true,
        pictureId: 0x1234,
        tl0PicIdx: 0x56,
        temporalId: 2,
        layerSync: true,
      },
    ],
    // X S · T · TID 1 · VP8
    [
      'with a temporal layer alone (invented)',
      '90 20 40 00',
      { ...NOTHING, size: 3, partitionStart: true, temporalId: 1 },
    ],
    // X S · K · KEYIDX 3 · VP8: without T the byte's TID says nothing
    ['with a key index alone (invented)', '90 10 e3 00', { ...NOTHING, size: 3, partitionStart: true }],
    // X S · L · TL0PICIDX: without T it says nothing · VP8
    [
      'with a base layer index but no layer (invented)',
      '90 40 07 00',
      { ...NOTHING, size: 3, partitionStart: true },
    ],
    // X S · nothing
    ['with an empty extension (invented)', '90 00 00', { ...NOTHING, size: 2, partitionStart: true }],
  ])('reads one %s', (_, bytes, expected) => {
    expect(read(bytes)).toMatchObject(expected);
  });

  it.each([
    ['a descriptor and nothing else', '10'],
    ['an extension byte that is missing', '90'],
    ['a picture id that is missing', '90 80'],
    ['a picture id cut in half', '90 80 f1'],
    ['all fields but no VP8 data', '90 f0 9234 56 a5'],
    ['a layer byte that is missing', '90 f0 9234 56'],
  ])('refuses %s', (_, bytes) => {
    expect(read(bytes)).toBeUndefined();
  });

  it('never throws, and what it accepts leaves data behind it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 8 }), (payload) => {
        const descriptor = newVp8Descriptor();
        if (!readVp8Descriptor(payload, descriptor)) return;
        expect(descriptor.size).toBeGreaterThanOrEqual(1);
        expect(descriptor.size).toBeLessThan(payload.length);
      }),
      { numRuns: 2000 },
    );
  });
});
