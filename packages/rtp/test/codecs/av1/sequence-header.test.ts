import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { av1Configuration, chromaOf, parseSequenceHeader } from '../../../src/codecs/av1/sequence-header.ts';
import { hex } from '../packets.ts';
import { SEQUENCE } from './units.ts';

function bits(text: string): Uint8Array {
  const packed = text.replaceAll(/\s/g, '');
  const bytes = new Uint8Array(Math.ceil(packed.length / 8));
  for (const [index, bit] of [...packed].entries()) {
    if (bit === '1') bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  }
  return bytes;
}

const binary = (value: number, count: number) => value.toString(2).padStart(count, '0');

/** 640 × 360 in 10 bits each. */
const SIZE = `1001 1001 ${binary(639, 10)} ${binary(359, 10)}`;
/** No frame ids, superblocks and intra tools; compound and warped motion; order hints; screen content and integer motion chosen; 7 bits of order hint. */
const TOOLS = '0 1 1 1  1 1 1 1  1 1 1  1 1  110';
const FILTERS = '0 1 1';
const head = (profile: number) => `${binary(profile, 3)} 0 0`;
/** No timing, no delays, one operating point: idc 0, level 8, tier 1. */
const POINT = '0 0 00000 000000000000 01000 1';

describe('av1 sequence header', () => {
  it('reads one of Chromium (witnessed: 480 × 270, level 2.0)', () => {
    expect(parseSequenceHeader(Uint8Array.from(SEQUENCE.payload))).toEqual({
      profile: 0,
      stillPicture: false,
      reducedStillPictureHeader: false,
      level: 0,
      tier: 0,
      operatingPoints: [0],
      width: 480,
      height: 270,
      bitDepth: 8,
      monochrome: false,
      subsamplingX: 1,
      subsamplingY: 1,
      chromaSamplePosition: 0,
    });
  });

  it.each([
    ['profile 0, 10 bits, vertical samples', 0, '1 0 0 0 01 0', 10, '4:2:0', 1],
    ['profile 0, monochrome', 0, '0 1 0 0', 8, '4:0:0', 0],
    ['profile 0 with a colour description', 0, '0 0 1 00000001 00000001 00000001 0 10 0', 8, '4:2:0', 2],
    ['profile 1', 1, '0 0 1 0', 8, '4:4:4', 0],
    ['profile 1, sRGB', 1, '0 1 00000001 00001101 00000000 0', 8, '4:4:4', 0],
    ['profile 2, 8 bits', 2, '0 0 0 0 0', 8, '4:2:2', 0],
    ['profile 2, 10 bits', 2, '1 0 0 0 0 0', 10, '4:2:2', 0],
    ['profile 2, 12 bits 4:2:0', 2, '1 1 0 0 0 1 1 01 0', 12, '4:2:0', 1],
    ['profile 2, 12 bits 4:4:4', 2, '1 1 0 0 0 0 0', 12, '4:4:4', 0],
  ])('reads the colour format: %s (invented)', (_name, profile, color, bitDepth, chroma, position) => {
    const header = parseSequenceHeader(
      bits(`${head(profile)} ${POINT} ${SIZE} ${TOOLS} ${FILTERS} ${color} 0 1`),
    );
    expect(header).toMatchObject({ profile, width: 640, height: 360, level: 8, tier: 1, bitDepth });
    expect(header?.chromaSamplePosition).toBe(position);
    expect(header && chromaOf(header)).toBe(chroma);
  });

  it('finds its way through timing, decoder model and several operating points (invented)', () => {
    const timing = `1 ${binary(1, 32)} ${binary(25, 32)} 1 00101  1 ${binary(9, 5)} ${binary(1, 32)} 00111 01000`;
    const delays = `${binary(77, 10)} ${binary(78, 10)} 1`;
    const points = `1 00010  ${binary(0x707, 12)} 01001 1 1 ${delays} 1 0011
      ${binary(0x303, 12)} 00101 1 ${delays} 0  ${binary(0x101, 12)} 00001 0 1 0001`;
    const text = `${head(0)} ${timing} ${points} ${SIZE} 1 0010 001 1 1 1  0 0 0 0  0  0 1 0 1  0 0 0  0 0 0 1 00 0 0 1`;
    expect(parseSequenceHeader(bits(text))).toMatchObject({
      operatingPoints: [0x707, 0x303, 0x101],
      level: 9,
      tier: 1,
      width: 640,
      height: 360,
      bitDepth: 8,
    });
  });

  it('reads a reduced still picture header (invented)', () => {
    const text = `000 1 1 00100 ${SIZE} 1 1 1 ${FILTERS} 0 0 0 1 00 0 0 1`;
    expect(parseSequenceHeader(bits(text))).toMatchObject({
      stillPicture: true,
      reducedStillPictureHeader: true,
      level: 4,
      width: 640,
      height: 360,
    });
  });

  it('refuses profiles that do not exist', () => {
    expect(
      parseSequenceHeader(bits(`${head(3)} ${POINT} ${SIZE} ${TOOLS} ${FILTERS} 0 0 0 1 00 0 0 1`)),
    ).toBeUndefined();
  });

  it('refuses one cut anywhere but in its trailing bits', () => {
    const whole = Uint8Array.from(SEQUENCE.payload);
    for (let length = 0; length < whole.length - 1; length += 1) {
      expect(parseSequenceHeader(whole.subarray(0, length))).toBeUndefined();
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (payload) => {
        const header = parseSequenceHeader(payload);
        expect(header === undefined || header.width <= 65536).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('av1C', () => {
  it('is what ffmpeg writes for the same stream (witnessed)', () => {
    const header = parseSequenceHeader(Uint8Array.from(SEQUENCE.payload));
    const obu = hex('0a 0a 00 00 00 04 47 7e 1a 00 d0 04');
    expect(header && av1Configuration(header, obu)).toEqual(
      hex('81 00 0c 00 0a 0a 00 00 00 04 47 7e 1a 00 d0 04'),
    );
  });

  it('has every field in its place (invented)', () => {
    const header = {
      profile: 2,
      stillPicture: false,
      reducedStillPictureHeader: false,
      level: 13,
      tier: 1 as const,
      operatingPoints: [0],
      width: 1,
      height: 1,
      bitDepth: 12 as const,
      monochrome: false,
      subsamplingX: 1 as const,
      subsamplingY: 1 as const,
      chromaSamplePosition: 2,
    };
    // 4d: profile 2, level 13 · ee: tier, high bit depth, twelve bits, subsampling in both directions, position 2
    expect(av1Configuration(header, new Uint8Array(0))).toEqual(hex('81 4d ee 00'));
  });
});
