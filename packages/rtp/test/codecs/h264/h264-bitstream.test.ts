import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avcConfiguration } from '../../../src/codecs/h264/avc-configuration.ts';
import { withoutEmulationPrevention } from '../../../src/codecs/h264/nal-unit.ts';
import { readSequenceParameterSet } from '../../../src/codecs/h264/parameter-set-syntax.ts';
import { isExactRecoveryPoint } from '../../../src/codecs/h264/recovery-point.ts';
import { readSpropParameterSets } from '../../../src/codecs/h264/sprop-parameter-sets.ts';
import { hex } from '../packets.ts';
import { escapeEmulation } from './bit-writer.ts';
import { recoveryPoint, sps } from './h264-encoder.ts';

describe('h264 · emulation prevention', () => {
  it('takes out the 3 after two zeros, and leaves the received bytes alone', () => {
    const received = Buffer.from(hex('00 00 03 01 00 00 03 00 00 03 03'));
    expect(Uint8Array.from(withoutEmulationPrevention(received))).toEqual(hex('00 00 01 00 00 00 00 03'));
    expect(received.toString('hex')).toBe('0000030100000300000303');
  });

  it('takes out what was put in', () => {
    const bytes = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 255), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, (raw) => {
        expect(withoutEmulationPrevention(Uint8Array.from(escapeEmulation(raw)))).toEqual(
          Uint8Array.from(raw),
        );
      }),
    );
  });
});

describe('h264 · recovery point', () => {
  it.each([
    ['exact, at this picture', recoveryPoint(), true],
    // SEI · type 5 of 3 bytes · recovery point: count 0, exact, not broken, group 0
    ['behind another message', hex('06 05 03 aabbcc 06 01 c4 80'), true],
    // SEI · type 255 + 1 of 2 bytes · recovery point
    ['behind a message of a long type', hex('06 ff01 02 aabb 06 01 c4 80'), true],
    ['exact, frames later', recoveryPoint({ frames: 3 }), false],
    ['approximate', recoveryPoint({ exact: false }), false],
    ['in another message', hex('06 05 01 c4 80'), false],
    ['cut short', hex('06 06 01'), false],
    ['beyond a size that points outside', hex('06 05 ff ff 06 01 c4 80'), false],
  ])('is believed when it is %s: %o', (_, nal, expected) => {
    expect(isExactRecoveryPoint(nal)).toBe(expected);
  });
});

describe('h264 · sprop-parameter-sets', () => {
  it('are NAL units in base64', () => {
    // RFC 6184 §8.1 writes them like this; the bytes are those of a Chromium SPS and PPS.
    const [first, second] = ['Z0LAHoyNQFAX/LNwENAQeEQjUA==', 'aM48gA=='];
    expect(readSpropParameterSets(`${first},${second}`)).toEqual([
      hex('6742c01e8c8d405017fcb37010d01078442350'),
      hex('68ce3c80'),
    ]);
    expect(readSpropParameterSets(` ${first} , aM48gA `)).toHaveLength(2);
  });

  it('leave out what is no base64', () => {
    expect(readSpropParameterSets('')).toEqual([]);
    expect(readSpropParameterSets(',aM48gA==,a-b_')).toEqual([hex('68ce3c80')]);
  });

  it('come back as they went in, whatever their bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1 }), (sets) => {
        const value = sets.map((set) => Buffer.from(set).toString('base64')).join(',');
        expect(readSpropParameterSets(value)).toEqual(sets);
      }),
    );
  });
});

describe('h264 · avcC', () => {
  it('holds the sets of a Baseline stream', () => {
    const set = sps();
    const sequence = readSequenceParameterSet(set);
    const expected = [
      '01', // configurationVersion
      '42 c0 1e', // AVCProfileIndication, profile_compatibility, AVCLevelIndication
      'ff', // 6 bits 1, lengthSizeMinusOne 3
      'e1', // 3 bits 1, one SPS
      `00 ${set.length.toString(16).padStart(2, '0')}`, // its length
      Buffer.from(set).toString('hex'),
      '01', // one PPS
      '00 04', // its length
      '68 ce 3c 80',
    ];
    expect(sequence && avcConfiguration(sequence, [set], [hex('68ce3c80')])).toEqual(hex(expected.join(' ')));
  });

  it('ends with format and depths in the high profiles', () => {
    // x264, High 4:2:2 at 10 bits
    const set = hex('677a0016b6cd940a42fe69f0110000030001000003000a0f162d96');
    const sequence = readSequenceParameterSet(set);
    const configuration = sequence && avcConfiguration(sequence, [set], [hex('68ce3c80')]);
    // 6 bits 1, chroma_format 2 · 5 bits 1, luma 10 − 8 · 5 bits 1, chroma 10 − 8 · no SPS extension
    expect(configuration?.slice(-4)).toEqual(hex('fe fa fa 00'));
    expect(configuration?.slice(0, 4)).toEqual(hex('01 7a 00 16'));
  });
});
