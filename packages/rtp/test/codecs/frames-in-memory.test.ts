import { describe, expect, it } from 'vitest';
import type { Codec } from '../../src/codec.ts';
import { createDepacketizer } from '../../src/codecs/create-depacketizer.ts';
import { interFrame, keyFrame, packetize as packetizeAv1, SEQUENCE } from './av1/units.ts';
import { accessUnit, aggregate, fragments, pps, slice, sps } from './h264/h264-encoder.ts';
import { alone, BUFFER_BYTES, keptAlive, together } from './kept-alive.ts';
import { bytesOf, framesOf, receive, type SentPacket } from './packets.ts';
import { packetizeVp8, vp8Frame } from './vp8/vp8-packetizer.ts';
import { concat, keyHeader } from './vp9/frames.ts';
import { packetize as packetizeVp9 } from './vp9/sender.ts';

const PACKETS = 300;
const numbers = (length: number) => Array.from({ length }, (_, index) => index & 0x7f);

/** A key frame in so many packets of about ten bytes, and another frame behind it that finishes it. */
const FRAMES: Readonly<Record<Exclude<Codec, 'opus'>, (bytes: number) => SentPacket[]>> = {
  vp8: (bytes) =>
    packetizeVp8([{ bytes: vp8Frame(PACKETS * bytes, { keyFrame: true }), keyFrame: true }], {
      bytesPerPacket: bytes,
    }).flat(),
  vp9: (bytes) =>
    packetizeVp9(
      {
        id: 1,
        rtpTicks: 0,
        predicted: false,
        layerFrames: [
          { data: concat(keyHeader({ width: 16, height: 16 }), [...numbers(PACKETS * bytes), 0]) },
        ],
      },
      bytes,
    ),
  h264: (bytes) =>
    accessUnit(0, aggregate(sps(), pps()), ...fragments(slice({ idr: true, size: PACKETS * bytes }), bytes)),
  av1: (bytes) =>
    packetizeAv1([SEQUENCE, keyFrame(numbers(PACKETS * bytes)), interFrame()], 0, {
      room: bytes,
      counted: true,
    }),
};

describe.each(Object.entries(FRAMES))('a frame of many packets · %s', (codec, sent) => {
  const frameOf = (packets: readonly SentPacket[]) => {
    const [frame] = framesOf(createDepacketizer(codec as Codec), receive(packets));
    if (frame === undefined) throw new Error('no frame came out');
    return frame;
  };

  it('keeps no more than a few of the buffers alive that its packets are views on', () => {
    const packets = sent(10);
    expect(packets.length).toBeGreaterThanOrEqual(PACKETS);
    const sparse = frameOf(packets.map((packet) => ({ ...packet, payload: alone(packet.payload) })));
    expect(bytesOf(sparse)).toEqual(bytesOf(frameOf(packets)));
    expect(keptAlive(sparse.chunks)).toBeLessThan(2 * BUFFER_BYTES);
  });

  it('is not copied where they lie side by side', () => {
    const packets = together(sent(1000));
    const views = frameOf(packets).chunks.filter(({ length }) => length > 900);
    expect(views.length).toBeGreaterThan(PACKETS / 2);
    for (const { buffer } of views) expect(buffer).toBe(packets[0]?.payload.buffer);
  });
});
