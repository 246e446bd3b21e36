import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpusDepacketizer } from '../../../src/codecs/opus/opus-depacketizer.ts';
import { framesOf, hex, mediaPacket } from '../packets.ts';

const MONO_20_MS = hex('78 01 02 03');
const STEREO_20_MS = hex('7c 01 02 03');
const MALFORMED = hex('fb 00');

const packet = (payload: Uint8Array, sequence: number, lossBefore = 0) =>
  mediaPacket({ payload, sequence, lossBefore, rtpTicks: sequence * 960, receivedMs: sequence * 20 + 7 });

describe('opus · depacketizer', () => {
  it('makes a frame of every packet, a view on its payload', () => {
    const frames = framesOf(new OpusDepacketizer(), [packet(MONO_20_MS, 0), packet(hex('78'), 1)]);
    expect(frames).toMatchObject([
      {
        run: 0,
        rtpTicks: 0,
        receivedMs: 7,
        durationTicks: 960,
        keyFrame: true,
        byteLength: 4,
        lossBefore: 0,
      },
      {
        run: 0,
        rtpTicks: 960,
        receivedMs: 27,
        durationTicks: 960,
        keyFrame: true,
        byteLength: 1,
        lossBefore: 0,
      },
    ]);
    expect(frames[0]?.chunks[0]).toBe(MONO_20_MS);
  });

  it('says what was lost before a frame', () => {
    const frames = framesOf(new OpusDepacketizer(), [packet(MONO_20_MS, 0), packet(MONO_20_MS, 4, 3)]);
    expect(frames.map((frame) => frame.lossBefore)).toEqual([0, 3]);
  });

  it('keeps the level of the packet, and makes up none', () => {
    const audioLevel = { level: 42, voice: true };
    const packets = [{ ...packet(MONO_20_MS, 0), audioLevel }, packet(MONO_20_MS, 1)];
    const frames = framesOf(new OpusDepacketizer(), packets);
    expect(frames.map((frame) => frame.audioLevel)).toEqual([audioLevel, undefined]);
    expect(frames[1]).not.toHaveProperty('audioLevel');
  });

  it('leaves out what a decoder would refuse, counts it, and keeps the loss before it', () => {
    const opus = new OpusDepacketizer();
    const frames = framesOf(opus, [packet(MONO_20_MS, 0), packet(MALFORMED, 3, 2), packet(MONO_20_MS, 5, 1)]);
    expect(frames.map((frame) => [frame.rtpTicks, frame.lossBefore])).toEqual([
      [0, 0],
      [4800, 3],
    ]);
    expect(opus.statistics).toMatchObject({ framesEmitted: 2, packetsMalformed: 1 });
  });

  it('turns to two channels with the first stereo packet, and never back', () => {
    const opus = new OpusDepacketizer();
    expect(opus.parameters).toBeUndefined();
    const payloads = [MONO_20_MS, MONO_20_MS, STEREO_20_MS, MONO_20_MS];
    const frames = framesOf(
      opus,
      payloads.map((payload, index) => packet(payload, index)),
    );
    const [mono, sameMono, stereo, stillStereo] = frames.map((frame) => frame.parameters);
    expect(mono).toMatchObject({ codec: 'opus', channels: 1 });
    expect(stereo).toMatchObject({ codec: 'opus', channels: 2 });
    expect(sameMono).toBe(mono);
    expect(stillStereo).toBe(stereo);
    expect(opus.parameters).toBe(stereo);
  });

  it('never throws, and every packet is either a frame or counted malformed', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 30 }), (payloads) => {
        const opus = new OpusDepacketizer();
        const frames = framesOf(
          opus,
          payloads.map((payload, index) => packet(payload, index)),
        );
        expect(opus.statistics.framesEmitted).toBe(frames.length);
        expect(frames.length + opus.statistics.packetsMalformed).toBe(payloads.length);
      }),
    );
  });
});
