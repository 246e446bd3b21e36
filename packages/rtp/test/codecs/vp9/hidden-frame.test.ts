import { describe, expect, it } from 'vitest';
import { hideFrame } from '../../../src/codecs/vp9/hidden-frame.ts';
import { parseUncompressedHeader } from '../../../src/codecs/vp9/uncompressed-header.ts';
import { binary, bits, concat, showExisting } from './frames.ts';

const SYNC = binary(0x498342, 24);
const SIZE = `${binary(319, 16)} ${binary(179, 16)}`;
/** Compressed header and tiles: whatever they hold, they stay. */
const BODY = Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0xff, 0x00, 0x81);

function hidden(header: Uint8Array, sizes = { width: 320, height: 180 }): Uint8Array | undefined {
  const frame = concat(header, BODY);
  const parsed = parseUncompressedHeader(frame, () => sizes);
  if (parsed === undefined) throw new Error('the test wrote no VP9 frame');
  const chunks = hideFrame([frame], parsed);
  return chunks && concat(...chunks);
}

describe('vp9 hidden frame', () => {
  it('changes one bit of a key frame', () => {
    const rest = `1 ${SYNC} 000 0 ${SIZE} 0 00 000000 000 0 01000000 000 0 0 0000000000000111`;
    expect(hidden(bits(`10 00 0 0 1 ${rest}`))).toEqual(concat(bits(`10 00 0 0 0 ${rest}`), BODY));
  });

  it('changes one bit of a key frame of profile 3, one further on', () => {
    const rest = `1 ${SYNC} 0 001 0 0 0 0 ${SIZE} 0 00 000000 000 0 01000000 000 0 0 0000000000000111`;
    expect(hidden(bits(`10 11 0 0 0 1 ${rest}`))).toEqual(concat(bits(`10 11 0 0 0 0 ${rest}`), BODY));
  });

  it('puts intra_only = 0 into an error-resilient inter frame and moves the rest', () => {
    const rest = `00000010 010 0 000 1 000 0  000 ${SIZE} 0 1 1 00 011111 010 0 10110001 000 0 0 1010101011110001`;
    expect(hidden(bits(`10 00 0 1 1 1 ${rest}`))).toEqual(concat(bits(`10 00 0 1 0 1 0 ${rest}`), BODY));
  });

  it('puts it before reset_frame_context where the frame is not error resilient', () => {
    const rest = `11 00000010 010 0 000 1 000 0  1 0 1 0 01 1 0 10 011111 010 0 10110001 000 0 0 1010101011110001`;
    expect(hidden(bits(`10 00 0 1 1 0 ${rest}`))).toEqual(concat(bits(`10 00 0 1 0 0 0 ${rest}`), BODY));
  });

  it('puts it one bit further on in profile 3', () => {
    const rest = `00000010 010 0 000 1 000 0  1 0 1 0 01 10 011111 010 0 10110001 000 0 0 1010101011110001`;
    expect(hidden(bits(`10 11 0 0 1 1 1 ${rest}`))).toEqual(concat(bits(`10 11 0 0 1 0 1 0 ${rest}`), BODY));
  });

  // A loop filter delta takes 7 bits more, a quantizer delta 4: together they give every length modulo 8.
  it.each([
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 0],
    [5, 0],
    [6, 0],
    [3, 1],
    [3, 2],
    [3, 3],
  ])('lays the trailing bits out anew (%d loop filter and %d quantizer deltas)', (filters, quantizers) => {
    const filter = `011111 010 1 1 ${'1 0000001'.repeat(filters)} ${'0'.repeat(6 - filters)}`;
    const quantizer = `10110001 ${'1 00011'.repeat(quantizers)} ${'0'.repeat(3 - quantizers)}`;
    const rest = `00000010 010 0 000 1 000 0  1 0 1 0 01 10 ${filter} ${quantizer} 0 0 1111111111111111`;
    expect(hidden(bits(`10 00 0 1 1 1 ${rest}`))).toEqual(concat(bits(`10 00 0 1 0 1 0 ${rest}`), BODY));
  });

  it('leaves an intra-only frame as it is: such a frame is hidden already', () => {
    const header = bits(
      `10 00 0 1 0 1 1 ${SYNC} 00000100 ${SIZE} 0 00 000000 000 0 01000000 000 0 0 0000000000000111`,
    );
    expect(hidden(header)).toEqual(concat(header, BODY));
  });

  it('leaves a hidden inter frame as it is', () => {
    const header = bits(
      `10 00 0 1 0 1 0 00000010 010 0 000 1 000 0 1 0 1 0 01 10 011111 010 0 10110001 000 0 0 1010101011110001`,
    );
    expect(hidden(header)).toEqual(concat(header, BODY));
  });

  it('gives no bytes for a frame without a header of its own', () => {
    expect(hidden(showExisting(3))).toBeUndefined();
  });

  it('copies no more than the header: what lies behind it are views', () => {
    const header = bits(
      `10 00 0 1 1 1 00000010 010 0 000 1 000 0 1 0 1 0 01 10 011111 010 0 10110001 000 0 0 1010101011110001`,
    );
    const frame = concat(header, BODY);
    const parsed = parseUncompressedHeader(frame, () => ({ width: 320, height: 180 }));
    if (parsed === undefined) throw new Error('the test wrote no VP9 frame');
    const pieces = [
      frame.subarray(0, 4),
      frame.subarray(4, header.length + 2),
      frame.subarray(header.length + 2),
    ];
    const [own, ...views] = hideFrame(pieces, parsed) ?? [];
    expect(own?.length).toBe(Math.ceil(((parsed.headerBits ?? 0) + 1) / 8));
    expect(views.map((view) => view.buffer === frame.buffer)).toEqual([true, true]);
    expect(concat(...views)).toEqual(BODY);
  });
});
