import { describe, expect, it } from 'vitest';
import type { Codec } from '../../src/codec.ts';
import { createDepacketizer } from '../../src/codecs/create-depacketizer.ts';
import { accessUnit, lengthPrefixed, pps, slice, sps } from './h264/h264-encoder.ts';
import { bytesOf, framesOf, hex, mediaPacket, receive } from './packets.ts';
import { packetizeVp8, vp8Frame } from './vp8/vp8-packetizer.ts';

describe('create depacketizer', () => {
  it('reads each codec with its own payload format', () => {
    const opus = framesOf(createDepacketizer('opus'), [mediaPacket({ payload: hex('78') })]);
    const vp8 = packetizeVp8([{ bytes: vp8Frame(100, { keyFrame: true }), keyFrame: true }]).flat();
    const h264 = accessUnit(0, sps(), pps(), slice({ idr: true }));
    const frames = [
      ...opus,
      ...framesOf(createDepacketizer('vp8'), receive(vp8)),
      ...framesOf(createDepacketizer('h264'), receive(h264)),
    ];
    expect(frames.map(({ parameters }) => parameters.codec)).toEqual(['opus', 'vp8', 'h264']);
  });

  it('starts every codec with nothing known, and survives an end without packets', () => {
    for (const codec of ['opus', 'vp8', 'vp9', 'h264', 'av1'] as const) {
      const depacketizer = createDepacketizer(codec);
      expect(framesOf(depacketizer, [])).toEqual([]);
      expect(depacketizer.parameters).toBeUndefined();
      expect(Object.values(depacketizer.statistics)).toEqual([0, 0, 0, 0, 0, 0]);
    }
  });

  it('hands the format parameters and the policy for parameter sets to H264', () => {
    const sprop = [sps({ width: 640 }), pps()].map((set) => Buffer.from(set).toString('base64')).join(',');
    const fmtp = new Map([['sprop-parameter-sets', sprop]]);
    const depacketizer = createDepacketizer('h264', { fmtp, parameterSets: 'every-key-frame' });
    const [frame] = framesOf(depacketizer, receive(accessUnit(0, slice({ idr: true }))));
    expect(frame?.parameters).toMatchObject({ codec: 'h264', width: 640 });
    expect(frame && bytesOf(frame)).toEqual(lengthPrefixed(sps({ width: 640 }), pps(), slice({ idr: true })));
  });

  it('refuses by name what is no codec of ours', () => {
    expect(() => createDepacketizer('h265' as Codec)).toThrow('found h265');
  });
});
