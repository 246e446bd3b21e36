import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opusDtxPacket, opusSilence, opusSilencePacket } from '../../../src/codecs/opus/opus-filler.ts';
import { opusHead } from '../../../src/codecs/opus/opus-head.ts';
import { opusChannels, opusDurationTicks, opusFrameTicks } from '../../../src/codecs/opus/opus-packet.ts';
import { hex } from '../packets.ts';

describe('opus filler', () => {
  it('stands for one frame of no bytes, whatever the frame count of the packet before', () => {
    for (let toc = 0; toc < 256; toc += 1) {
      const packet = opusDtxPacket(toc);
      expect(packet).toHaveLength(1);
      expect(opusDurationTicks(packet)).toBe(opusFrameTicks(toc));
      expect(opusChannels(packet[0] ?? 0)).toBe(opusChannels(toc));
    }
  });

  it('is 20 ms of silence in mono and stereo', () => {
    expect([opusSilencePacket(1), opusSilencePacket(2)]).toEqual([hex('f8 ff fe'), hex('fc ff fe')]);
  });

  it.each([
    [5760, 960],
    [960, 960],
    [959, 480],
    [480, 480],
    [479, 240],
    [239, 120],
    [120, 120],
  ])('for %d ticks takes the longest packet that fits: %d', (gap, ticks) => {
    for (const channels of [1, 2] as const) {
      const filler = opusSilence(channels, gap);
      expect(filler?.durationTicks).toBe(ticks);
      expect(opusDurationTicks(filler?.packet ?? hex(''))).toBe(ticks);
      expect(opusChannels(filler?.packet[0] ?? 0)).toBe(channels);
    }
  });

  it('has no packet for less than 2.5 ms', () => {
    expect([opusSilence(1, 119), opusSilence(2, 0), opusSilence(1, -960)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('fills every gap down to less than 2.5 ms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (gap) => {
        let left = gap;
        for (let next = opusSilence(2, left); next !== undefined; next = opusSilence(2, left))
          left -= next.durationTicks;
        expect(left).toBe(gap % 120);
      }),
    );
  });
});

describe('opus head', () => {
  it.each([1, 2] as const)('says %d channels, no pre-skip and 48 kHz', (channels) => {
    const fields = [
      '4f 70 75 73 48 65 61 64', // "OpusHead"
      '01', // version
      `0${channels}`, // channels
      '00 00', // pre-skip
      '80 bb 00 00', // input sample rate: 48,000
      '00 00', // output gain
      '00', // mapping family
    ];
    expect(opusHead({ channels })).toEqual(hex(fields.join(' ')));
  });
});
