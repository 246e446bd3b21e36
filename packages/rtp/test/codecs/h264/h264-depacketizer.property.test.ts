import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { H264Depacketizer } from '../../../src/codecs/h264/h264-depacketizer.ts';
import { bytesOf, framesOf, mediaPacket, receive, type SentPacket } from '../packets.ts';
import { accessUnit, aggregate, fragments, lengthPrefixed, pps, slice, sps } from './h264-encoder.ts';

interface Sent {
  readonly packets: SentPacket[];
  readonly bytes: Uint8Array;
  readonly idr: boolean;
  readonly reference: boolean;
  readonly frameNum: number;
}

const FRAME_NUM_BITS = 12;

const picture = fc.record({
  /** Bytes of each slice. */
  slices: fc.array(fc.integer({ min: 12, max: 400 }), { minLength: 1, maxLength: 4 }),
  idr: fc.nat({ max: 9 }).map((die) => die === 0),
  reference: fc.boolean(),
});

const stream = fc.record({
  pictures: fc.array(picture, { minLength: 1, maxLength: 30 }),
  bytesPerPacket: fc.integer({ min: 20, max: 200 }),
  /** Small slices of one picture share a packet. */
  aggregated: fc.boolean(),
});

/** Runs of lost packets, as [gap before, length]. */
const losses = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 4 })), { maxLength: 8 });

function encode({
  pictures,
  bytesPerPacket,
  aggregated,
}: typeof stream extends fc.Arbitrary<infer T> ? T : never): Sent[] {
  let frameNum = -1;
  let previousReference = 0;
  return pictures.map(({ slices, idr: wanted, reference: wantedReference }, index) => {
    const idr = wanted || index === 0;
    const reference = wantedReference || idr;
    frameNum = idr ? 0 : (previousReference + 1) % 2 ** FRAME_NUM_BITS;
    if (reference) previousReference = frameNum;
    const nals = slices.map((size, part) =>
      slice({
        idr,
        reference,
        frameNum,
        frameNumBits: FRAME_NUM_BITS,
        firstMacroblock: part * 20,
        size,
        seed: index,
      }),
    );
    const sets = idr ? [aggregate(sps({ frameNumBits: FRAME_NUM_BITS }), pps())] : [];
    const payloads = nals.flatMap((nal) =>
      nal.length <= bytesPerPacket ? [nal] : fragments(nal, bytesPerPacket),
    );
    const fits = aggregated && nals.reduce((sum, { length }) => sum + length + 2, 1) <= bytesPerPacket;
    const packets = accessUnit(index * 3000, ...sets, ...(fits ? [aggregate(...nals)] : payloads));
    return { packets, bytes: lengthPrefixed(...nals), idr, reference, frameNum };
  });
}

function lostIndices(runs: readonly (readonly [number, number])[]): Set<number> {
  const lost = new Set<number>();
  let position = 0;
  for (const [gap, length] of runs) {
    position += gap;
    for (let count = 0; count < length; count += 1) lost.add(position++);
  }
  return lost;
}

describe('h264 · depacketizer, for any stream', () => {
  it('gives back exactly the pictures that were packetized', () => {
    fc.assert(
      fc.property(stream, (spec) => {
        const sent = encode(spec);
        const frames = framesOf(new H264Depacketizer(), receive(sent.flatMap(({ packets }) => packets)));
        expect(frames.map(bytesOf)).toEqual(sent.map(({ bytes }) => bytes));
        expect(frames.map(({ keyFrame }) => keyFrame)).toEqual(sent.map(({ idr }) => idr));
      }),
    );
  });

  it('gives out a picture just when it is whole and so are all reference pictures since its IDR', () => {
    fc.assert(
      fc.property(stream, losses, (spec, runs) => {
        const sent = encode(spec);
        const lost = lostIndices(runs);
        const received = receive(
          sent.flatMap(({ packets }) => packets),
          (index) => lost.has(index),
        );
        const emitted = new Map(
          framesOf(new H264Depacketizer(), received).map((frame) => [frame.rtpTicks / 3000, bytesOf(frame)]),
        );
        let next = 0;
        let intact: boolean = false;
        for (const [index, { packets, bytes, idr, reference, frameNum }] of sent.entries()) {
          const whole = packets.map(() => next++).every((packet) => !lost.has(packet));
          const decodable: boolean = whole && (idr || intact);
          // Shortly after an IDR picture frame_num cannot tell whether a second one was lost.
          const doubtful = decodable && !idr && frameNum <= lost.size && !emitted.has(index);
          if (decodable && !doubtful) expect(emitted.get(index)).toEqual(bytes);
          if (!decodable) expect(emitted.has(index)).toBe(false);
          if (doubtful) intact = false;
          else if (reference) intact = decodable;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on any payload, and begins with a key frame', () => {
    const payload = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 24 }),
      fc.constantFrom(
        aggregate(sps(), pps()),
        slice({ idr: true }),
        slice({ frameNum: 1 }),
        ...fragments(slice({ idr: true }), 20),
      ),
    );
    const packet = fc.record({
      payload,
      marker: fc.boolean(),
      rtpTicks: fc.integer({ min: -2, max: 3 }),
      run: fc.nat({ max: 1 }),
      lossBefore: fc.constantFrom(0, 0, 0, 1, 70_000),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (fields) => {
        const depacketizer = new H264Depacketizer();
        const frames = framesOf(depacketizer, fields.map(mediaPacket));
        expect(depacketizer.statistics.framesEmitted).toBe(frames.length);
        expect(frames[0]?.keyFrame ?? true).toBe(true);
        for (const frame of frames) expect(nalLengthsHold(bytesOf(frame))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

function nalLengthsHold(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer);
  let position = 0;
  while (position + 4 <= bytes.length) position += 4 + view.getUint32(position);
  return position === bytes.length;
}
