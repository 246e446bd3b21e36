import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opusVoice } from '../../../src/codecs/opus/opus-voice.ts';
import { hex } from '../packets.ts';

describe('opus voice flags (all packets invented)', () => {
  it.each([
    ['hybrid 20 ms mono: V', '78 80', true],
    ['hybrid 20 ms mono: only LBRR', '78 40', false],
    ['SILK 60 ms mono: the third V', '18 20', true],
    ['SILK 60 ms mono: only LBRR', '18 10', false],
    ['SILK 40 ms mono: the second V', '10 40', true],
    ['SILK 40 ms mono: only LBRR', '10 20', false],
    ['hybrid 20 ms stereo: V of side', '7c 20', true],
    ['hybrid 20 ms stereo: both LBRR', '7c 50', false],
    ['SILK 60 ms stereo: the third V of side', '1c 02', true],
    ['SILK 60 ms stereo: both LBRR', '1c 11', false],
    ['code 1: second of two frames', '79 00 80', true],
    ['code 2: second frame, the first of 2 bytes', '7a 02 00 80 80', true],
    ['code 2: what looks like V is no first byte', '7a 02 00 80 00', false],
    ['code 3, CBR, third of 3 frames', '7b 03 00 00 80', true],
    ['code 3, CBR, 2 bytes of padding with the bit set', '7b 41 02 00 80 80', false],
    ['code 3, VBR: sizes 1 and what is left', '7b 82 01 00 80', true],
    ['code 3, VBR: the second has no bytes', '7b 82 01 00', false],
    ['DTX: a TOC byte alone', '78', false],
    ['CELT only', 'f8 80', undefined],
    ['no packet', '', undefined],
  ])('%s', (_, packet, voice) => {
    expect(opusVoice(hex(packet))).toBe(voice);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (packet) => void opusVoice(packet)));
  });
});
