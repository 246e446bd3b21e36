import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUncompressedHeader } from '../../../src/codecs/vp9/uncompressed-header.ts';
import { hex } from '../packets.ts';
import { binary, bits, interHeader, keyHeader, showExisting } from './frames.ts';

const none = () => undefined;
const SYNC = binary(0x498342, 24);
const SIZE = `${binary(639, 16)} ${binary(359, 16)}`;
/** Context 0, loop filter, quantization, no segmentation, one of two tile columns, one row, 5 bytes to come. */
const REST = '00 000000 000 0 00000000 000 0 0 0 0000000000000101';

describe('vp9 uncompressed header', () => {
  it('reads a key frame (witnessed: Chromium, lowest layer of three)', () => {
    // The render size in it is 1280 × 720: the size of the layer that a receiver is meant to get in the end.
    const header = parseUncompressedHeader(
      hex('83 49 83 42 00 13 f0 0b 38 27 f8 16 78 a8 e0 90 70 64 c8 00 03 40 5f 7d'),
      none,
    );
    expect(header).toMatchObject({
      profile: 0,
      keyFrame: true,
      shown: true,
      errorResilient: true,
      refreshFlags: 0xff,
      referenceSlots: [],
      size: { width: 320, height: 180 },
      format: { bitDepth: 8, chroma: '4:2:0' },
    });
  });

  it('reads an inter frame that carries its size (witnessed: Chromium, middle layer)', () => {
    const header = parseUncompressedHeader(
      hex('87 00 20 00 04 fe 02 cf 04 ff 02 cf 33 f1 c1 20 e0 cd 00 00 06 40 7d 63'),
      none,
    );
    expect(header).toMatchObject({
      keyFrame: false,
      shown: true,
      errorResilient: true,
      refreshFlags: 0,
      referenceSlots: [1, 0, 0],
      sizeFromSlot: undefined,
      size: { width: 640, height: 360 },
      format: undefined,
    });
  });

  it.each([0, 1, 2] as const)('takes the size from the reference slot it names: %d', (sizeFrom) => {
    const header = parseUncompressedHeader(
      interHeader({ refresh: 1, slots: [3, 5, 7], sizeFrom }),
      (slot) => ({ width: slot * 100, height: slot * 10 }),
    );
    const slot = [3, 5, 7][sizeFrom] ?? 0;
    expect(header).toMatchObject({ sizeFromSlot: slot, size: { width: slot * 100, height: slot * 10 } });
  });

  it('leaves size and length open where nothing is known of that slot', () => {
    const header = parseUncompressedHeader(interHeader({ refresh: 4, slots: [0, 1, 2], sizeFrom: 0 }), none);
    expect(header).toMatchObject({ refreshFlags: 4, size: undefined, headerBits: undefined });
  });

  it('reads a frame that shows another one again', () => {
    const header = parseUncompressedHeader(showExisting(5), () => ({ width: 64, height: 32 }));
    expect(header).toMatchObject({
      showExistingSlot: 5,
      shown: true,
      keyFrame: false,
      refreshFlags: 0,
      size: { width: 64, height: 32 },
    });
  });

  it.each([
    ['profile 0', `10 00 0 1 0 1 1 ${SYNC} 00010000 ${SIZE} 0 ${REST}`, 8, '4:2:0'],
    ['profile 1', `10 10 0 1 0 1 1 ${SYNC} 001 0 0 0 0 00010000 ${SIZE} 0 ${REST}`, 8, '4:4:4'],
    ['profile 2', `10 01 0 1 0 1 1 ${SYNC} 1 001 0 00010000 ${SIZE} 0 ${REST}`, 12, '4:2:0'],
  ])('reads an intra-only frame of %s (invented)', (_name, text, bitDepth, chroma) => {
    expect(parseUncompressedHeader(bits(text), none)).toMatchObject({
      keyFrame: false,
      shown: false,
      intraOnly: true,
      refreshFlags: 16,
      referenceSlots: [],
      size: { width: 640, height: 360 },
      format: { bitDepth, chroma },
    });
  });

  it.each([
    ['profile 1, 4:2:2', `10 10 0 0 1 1 ${SYNC} 001 0 1 0 0 ${SIZE} 0 ${REST}`, 1, 8, '4:2:2'],
    ['profile 1, 4:4:0', `10 10 0 0 1 1 ${SYNC} 001 0 0 1 0 ${SIZE} 0 ${REST}`, 1, 8, '4:4:0'],
    ['profile 1, RGB', `10 10 0 0 1 1 ${SYNC} 111 0 ${SIZE} 0 ${REST}`, 1, 8, '4:4:4'],
    ['profile 2, 10 bits', `10 01 0 0 1 1 ${SYNC} 0 001 0 ${SIZE} 0 ${REST}`, 2, 10, '4:2:0'],
    ['profile 3, 12 bits', `10 11 0 0 0 1 1 ${SYNC} 1 001 0 0 0 0 ${SIZE} 0 ${REST}`, 3, 12, '4:4:4'],
  ])('reads the colour format of a key frame: %s (invented)', (_name, text, profile, bitDepth, chroma) => {
    const header = parseUncompressedHeader(bits(text), none);
    expect(header).toMatchObject({
      profile,
      format: { bitDepth, chroma },
      size: { width: 640, height: 360 },
    });
  });

  it('finds the end of a header with every optional field', () => {
    const deltas = '1 0000001'.repeat(6);
    const tree = '1 10000000'.repeat(7);
    const features = '1 00000001 1  1 000001 0  1 11  1'.repeat(8);
    const text = `10 00 0 1 1 0  11 00000001 000 0 001 0 010 1  000 ${binary(4095, 16)} ${binary(2159, 16)}
      1 ${binary(99, 16)} ${binary(49, 16)}  1 0 10  1 0 01
      100000 001 1 1 ${deltas}  10000000 1 00011 1 00011 1 00011
      1  1 ${tree} 1 ${'1 10000000'.repeat(3)}  1 1 ${features}
      1 1 1 1  1 1  0000000100000000`;
    const length = text.replaceAll(/\s/g, '').length;
    expect(parseUncompressedHeader(bits(`${text} 1111`), none)?.headerBits).toBe(length);
  });

  it.each([
    ['empty', ''],
    ['another frame marker', '43 49 83 42'],
    ['another sync code', '83 49 83 43 00 13 f0 0b 38 27 f8 16 78 a8 e0 90 70 64 c8 00 03 40 5f'],
    ['the reserved bit of profile 3', 'b8 49 83 42'],
    ['RGB in profile 0', '83 49 83 42 e0 13 f0 0b 38 27 f8 16 78 a8 e0 90 70 64 c8 00 03 40 5f'],
  ])('refuses: %s', (_name, text) => {
    expect(parseUncompressedHeader(hex(text), none)).toBeUndefined();
  });

  it('refuses a header cut anywhere', () => {
    for (const whole of [keyHeader(), interHeader({ refresh: 1, slots: [0, 0, 0] })]) {
      for (let length = 0; length < whole.length; length += 1) {
        expect(parseUncompressedHeader(whole.subarray(0, length), none)).toBeUndefined();
      }
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, known) => {
        const slotSize = () => (known ? { width: 65536, height: 1 } : undefined);
        const header = parseUncompressedHeader(bytes, slotSize);
        expect(header?.headerBits ?? 0).toBeLessThanOrEqual(bytes.length * 8);
      }),
      { numRuns: 2000 },
    );
  });
});
