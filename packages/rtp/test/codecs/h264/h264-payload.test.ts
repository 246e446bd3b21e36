import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NalUnitSink, readH264Payload } from '../../../src/codecs/h264/h264-payload.ts';
import { hex } from '../packets.ts';

function read(text: string): { sound: boolean; calls: string[] } {
  const calls: string[] = [];
  const show = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const sink: NalUnitSink = {
    whole: (nal) => calls.push(`whole ${show(nal)}`),
    fragmentStart: (header, bytes) => calls.push(`start ${header.toString(16)} ${show(bytes)}`),
    fragment: (header, bytes) => calls.push(`piece ${header.toString(16)} ${show(bytes)}`),
    fragmentEnd: () => calls.push('end'),
  };
  return { sound: readH264Payload(hex(text), sink), calls };
}

describe('h264 · payload', () => {
  it.each([
    // NRI 3, type 1 · slice; witnessed from Chromium, cut short
    ['a single NAL unit', '61 e00080', ['whole 61e00080']],
    // STAP-A, NRI 3 · size 2 · AUD · size 3 · PPS; invented
    ['an aggregate', '78 0002 0910 0003 68ce3c', ['whole 0910', 'whole 68ce3c']],
    // NRI 3, type 28 · S, type 5 · slice; witnessed from Chromium, cut short
    ['the first piece of a NAL unit', '7c 85 b800', ['start 65 b800']],
    ['a piece from its middle', '7c 05 b7fe', ['piece 65 b7fe']],
    // E, type 5; witnessed from Chromium, cut short
    ['its last piece', '7c 45 a16c', ['piece 65 a16c', 'end']],
    ['a piece without bytes, which RFC 6184 allows', '7c 05', ['piece 65 ']],
    ['one piece that is all, which it does not', '7c c5 b8', ['start 65 b8', 'end']],
  ])('takes %s apart', (_, bytes, calls) => {
    expect(read(bytes)).toEqual({ sound: true, calls });
  });

  it.each([
    ['the forbidden bit', 'e1 e0'],
    ['type 0', '60 e0'],
    ['a data partition', '62 e0'],
    ['STAP-B', '79 0000 0002 0910'],
    ['MTAP', '7a 0000 0005 00 0000 0910'],
    ['FU-B', '7d 85 0000 b8'],
    ['type 31', '7f 00'],
    ['an aggregate of nothing', '78'],
    ['an aggregate with a size of 0', '78 0000 0002 0910'],
    ['an aggregate whose last unit is cut', '78 0002 0910 0004 68ce3c'],
    ['an aggregate that ends inside a size', '78 0002 0910 00'],
    ['an aggregate with data behind a size of 0', '78 0002 0910 0000 01'],
    ['an aggregate within an aggregate', '78 0004 78 0001 09'],
    ['a forbidden bit within an aggregate', '78 0001 e7'],
    ['a fragment without its header', '7c'],
    ['a fragment of an aggregate', '7c 98 0002'],
    ['a fragment of type 0', '7c 80 00'],
  ])('refuses %s and gives out nothing of it', (_, bytes) => {
    expect(read(bytes)).toEqual({ sound: false, calls: [] });
  });

  it('never throws, and never gives out an empty NAL unit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (payload) => {
        const sizes: number[] = [];
        const ignore = () => undefined;
        const sink = { fragmentStart: ignore, fragment: ignore, fragmentEnd: ignore };
        const sound = readH264Payload(payload, { ...sink, whole: (nal) => sizes.push(nal.length) });
        expect(sizes.every((size) => size > 0)).toBe(true);
        if (!sound) expect(sizes).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});
