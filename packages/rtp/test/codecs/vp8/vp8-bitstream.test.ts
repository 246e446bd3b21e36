import { describe, expect, it } from 'vitest';
import { readVp8FrameHeader } from '../../../src/codecs/vp8/vp8-bitstream.ts';
import { hex } from '../packets.ts';

describe('vp8 · frame header', () => {
  it('reads a key frame of Chromium: version, shown, size without the scaling bits (witnessed)', () => {
    // tag 0x0049b0: key, version 0, shown, first partition 0x24d = 589 bytes · start code · 640, no scale · 360, no scale
    const header = readVp8FrameHeader(hex('b04900 9d012a 8002 6801'), 977);
    expect(header).toEqual({
      ...{ keyFrame: true, profile: 0, shown: true, width: 640, height: 360 },
      ...{ headerBytes: 10, firstPartitionBytes: 589 },
    });
  });

  it('masks what asks for stretching on display (invented)', () => {
    // tag: key, version 3, hidden, first partition 1 byte · start code · 640 with scale 3 · 360 with scale 1
    const header = readVp8FrameHeader(hex('260000 9d012a 80c2 6841'), 11);
    expect(header).toEqual({
      ...{ keyFrame: true, profile: 3, shown: false, width: 640, height: 360 },
      ...{ headerBytes: 10, firstPartitionBytes: 1 },
    });
  });

  it('reads an inter frame of Chromium (witnessed)', () => {
    // tag 0x0021b1: inter, version 0, shown, first partition 0x10d = 269 bytes
    expect(readVp8FrameHeader(hex('b12100 e4e0afe8975fa7'), 727)).toMatchObject({
      keyFrame: false,
      profile: 0,
      shown: true,
    });
  });

  it.each([
    ['fewer than 3 bytes', 'b121', 1000],
    ['a key frame of fewer than 10 bytes', 'b04900 9d012a 8002 68', 1000],
    ['a key frame without its start code', 'b04900 9d012b 8002 6801', 1000],
    ['a first partition longer than the frame', 'b12100 e4e0afe8975fa7', 271],
    ['a first partition of no bytes', '110000 e4e0afe8975fa7', 1000],
    ['a version above 3', 'b92100 e4e0afe8975fa7', 1000],
    ['a key frame of no width', 'b04900 9d012a 00c0 6801', 1000],
    ['a key frame of no height', 'b04900 9d012a 8002 0000', 1000],
  ])('refuses %s', (_, head, frameBytes) => {
    expect(readVp8FrameHeader(hex(head), frameBytes)).toBeUndefined();
  });
});
