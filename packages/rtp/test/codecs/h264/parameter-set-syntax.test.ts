import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readPictureParameterSet,
  readSequenceParameterSet,
} from '../../../src/codecs/h264/parameter-set-syntax.ts';
import { hex } from '../packets.ts';
import { pps, sps } from './h264-encoder.ts';

const EIGHT_BIT_420 = {
  bitDepth: 8,
  bitDepthLuma: 8,
  bitDepthChroma: 8,
  chroma: '4:2:0',
  chromaFormatIdc: 1,
};

describe('h264 · sequence parameter set', () => {
  it.each([
    [
      'Chromium with OpenH264, 640 × 360 cropped from 368 lines (witnessed)',
      '6742c01e8c8d405017fcb37010d01078442350',
      { ...EIGHT_BIT_420, profileIdc: 66, width: 640, height: 360, framesOnly: true },
    ],
    [
      'x264, Baseline, width and height cropped: 318 × 238 (witnessed)',
      '6742c00bd90141feab0110000003001000000300a0f142a480',
      { ...EIGHT_BIT_420, profileIdc: 66, width: 318, height: 238, frameNumBits: 4 },
    ],
    [
      'x264, High, 1080 of 1088 lines (witnessed)',
      '67640028acd940780227e5c044000003000400000300283c60c658',
      { ...EIGHT_BIT_420, profileIdc: 100, width: 1920, height: 1080 },
    ],
    [
      'x264, High with the scaling matrices of the JVT (witnessed)',
      '6764000cacd94150878888c044000003000400000300283c50a658',
      { ...EIGHT_BIT_420, profileIdc: 100, width: 322, height: 242 },
    ],
    [
      'x264, High without colour (witnessed)',
      '6764000cf36505067e37016c800000030080000005078a14cb',
      { profileIdc: 100, bitDepth: 8, chroma: '4:0:0', chromaFormatIdc: 0, width: 320, height: 180 },
    ],
    [
      'x264, High 10 (witnessed)',
      '676e0016a6cd940a02ff970110000003001000000300a0f162d960',
      { profileIdc: 110, bitDepth: 10, bitDepthChroma: 10, chroma: '4:2:0', width: 640, height: 360 },
    ],
    [
      'x264, High 4:2:2 at 10 bits (witnessed)',
      '677a0016b6cd940a42fe69f0110000030001000003000a0f162d96',
      { profileIdc: 122, bitDepth: 10, chroma: '4:2:2', width: 646, height: 362 },
    ],
    [
      'x264, High 4:4:4, odd size (witnessed)',
      '67f40016919b281485fc211180880000030008000003005078b16cb0',
      { profileIdc: 244, bitDepth: 8, chroma: '4:4:4', width: 641, height: 361 },
    ],
    [
      'x264, interlaced: map units of two lines of macroblocks (witnessed)',
      '67640016acd940b424d8088000000300800000050f8a14cb',
      { profileIdc: 100, width: 720, height: 576, framesOnly: false },
    ],
  ])('reads that of %s', (_, nal, expected) => {
    expect(readSequenceParameterSet(hex(nal))).toMatchObject(expected);
  });

  it('reads what a decoder needs to follow frame_num', () => {
    expect(readSequenceParameterSet(sps({ id: 3, frameNumBits: 12, gapsAllowed: true }))).toMatchObject({
      id: 3,
      frameNumBits: 12,
      frameNumGapsAllowed: true,
    });
  });

  it.each([
    ['that ends before its size', '6742c01e8c'],
    ['of no bytes', '67'],
    // profile 110, level 22, id 0, 4:2:0, luma 8 + 6 bits
    ['of 14 bits', '676e0016 a3a0 ffff ffff ffff'],
  ])('refuses one %s', (_, nal) => {
    expect(readSequenceParameterSet(hex(nal))).toBeUndefined();
  });

  it('refuses a picture beyond 16,384 pixels', () => {
    expect(readSequenceParameterSet(sps({ width: 16_384 }))).toMatchObject({ width: 16_384 });
    expect(readSequenceParameterSet(sps({ width: 16_400 }))).toBeUndefined();
  });

  it('never throws, and what it reads has a size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const set = readSequenceParameterSet(Uint8Array.from([0x67, ...bytes]));
        if (set === undefined) return;
        expect(Math.min(set.width, set.height)).toBeGreaterThan(0);
        expect(Math.max(set.width, set.height)).toBeLessThanOrEqual(16_384);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('h264 · picture parameter set', () => {
  it('reads its own id and that of the sequence set', () => {
    expect(readPictureParameterSet(pps({ id: 200, sequence: 31 }))).toEqual({ id: 200, sequenceId: 31 });
    // pps id 0, sps id 0; witnessed from Chromium
    expect(readPictureParameterSet(hex('68 ce 3c 80'))).toEqual({ id: 0, sequenceId: 0 });
  });

  it('refuses ids that do not exist, and one cut short', () => {
    expect(readPictureParameterSet(pps({ id: 256 }))).toBeUndefined();
    expect(readPictureParameterSet(pps({ sequence: 32 }))).toBeUndefined();
    expect(readPictureParameterSet(hex('68'))).toBeUndefined();
  });
});
