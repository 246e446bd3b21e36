import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vp8Depacketizer } from '../../../src/codecs/vp8/vp8-depacketizer.ts';
import { bytesOf, framesOf, mediaPacket, receive } from '../packets.ts';
import { type EncodedFrame, packetizeVp8, vp8Frame } from './vp8-packetizer.ts';

/** A frame with the frames it refers to, by index. */
interface Node extends EncodedFrame {
  readonly references: readonly number[];
}

/** One temporal pattern per number of layers: layer and whether it refers to the base layer only. */
const PATTERNS = {
  1: [[0, false]],
  2: [
    [0, false],
    [1, true],
    [0, false],
    [1, false],
  ],
  3: [
    [0, false],
    [2, true],
    [1, true],
    [2, false],
    [0, false],
    [2, false],
    [1, false],
    [2, false],
  ],
} as const;

const shape = fc.record({
  layers: fc.constantFrom(1 as const, 2 as const, 3 as const),
  /** The upper layer of several is not referred to and says so (N). */
  discardable: fc.boolean(),
  sizes: fc.array(fc.integer({ min: 11, max: 400 }), { minLength: 1, maxLength: 40 }),
  keyEvery: fc.integer({ min: 3, max: 20 }),
});

const options = fc.record({
  bytesPerPacket: fc.integer({ min: 20, max: 200 }),
  pictureIdBits: fc.constantFrom(7 as const, 15 as const),
  firstPictureId: fc.nat({ max: 127 }),
  firstTl0PicIdx: fc.nat({ max: 255 }),
});

/** Runs of lost packets, as [gap before, length]. */
const losses = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 4 })), { maxLength: 8 });

function encode({
  layers,
  discardable,
  sizes,
  keyEvery,
}: typeof shape extends fc.Arbitrary<infer T> ? T : never): Node[] {
  const pattern = PATTERNS[layers];
  const last: (number | undefined)[] = [];
  let phase = 0;
  return sizes.map((size, index) => {
    const keyFrame = index % keyEvery === 0;
    if (keyFrame) phase = 0;
    const [temporalId = 0, sync = false] = pattern[phase % pattern.length] ?? [];
    phase += 1;
    const nonReference = discardable && layers > 1 && temporalId === layers - 1;
    const reach = keyFrame ? [] : sync ? [0] : Array.from({ length: temporalId + 1 }, (_, layer) => layer);
    const references = reach.map((layer) => last[layer]).filter((frame) => frame !== undefined);
    if (keyFrame) last.length = 0;
    if (!nonReference) last[temporalId] = index;
    const bytes = vp8Frame(size, { keyFrame, seed: index });
    const layer = layers === 1 ? {} : { temporalId, layerSync: sync };
    return { bytes, keyFrame, nonReference, references, ...layer };
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

describe('vp8 · depacketizer, for any stream', () => {
  it('gives back exactly the frames that were packetized', () => {
    fc.assert(
      fc.property(shape, options, (spec, packetizing) => {
        const frames = encode(spec);
        const depacketizer = new Vp8Depacketizer();
        const emitted = framesOf(depacketizer, receive(packetizeVp8(frames, packetizing).flat()));
        expect(emitted.map(bytesOf)).toEqual(frames.map(({ bytes }) => bytes));
        expect(emitted.map(({ keyFrame }) => keyFrame)).toEqual(frames.map(({ keyFrame }) => keyFrame));
      }),
    );
  });

  it('never gives out a frame with a hole, nor one that refers to a frame not given out', () => {
    fc.assert(
      fc.property(shape, options, losses, (spec, packetizing, runs) => {
        const frames = encode(spec);
        const lost = lostIndices(runs);
        const packets = receive(packetizeVp8(frames, packetizing).flat(), (index) => lost.has(index));
        const depacketizer = new Vp8Depacketizer();
        const emitted = new Set<number>();
        for (const frame of framesOf(depacketizer, packets)) {
          const index = frame.rtpTicks / 3000;
          expect(bytesOf(frame)).toEqual(frames[index]?.bytes);
          for (const reference of frames[index]?.references ?? []) expect(emitted).toContain(reference);
          emitted.add(index);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('without temporal layers gives out every whole frame that follows a key frame without a break', () => {
    fc.assert(
      fc.property(shape, options, losses, (spec, packetizing, runs) => {
        const frames = encode({ ...spec, layers: 1 });
        const lost = lostIndices(runs);
        const sent = packetizeVp8(frames, packetizing);
        let next = 0;
        let intact = false;
        const expected = frames.flatMap((frame, index) => {
          const count = sent[index]?.length ?? 0;
          const whole = Array.from({ length: count }, () => next++).every((packet) => !lost.has(packet));
          intact = whole && (frame.keyFrame || intact);
          return intact ? [index] : [];
        });
        const packets = receive(sent.flat(), (index) => lost.has(index));
        const emitted = framesOf(new Vp8Depacketizer(), packets);
        expect(emitted.map(({ rtpTicks }) => rtpTicks / 3000)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on any payload, and counts every frame once', () => {
    const packet = fc.record({
      payload: fc.uint8Array({ minLength: 1, maxLength: 24 }),
      marker: fc.boolean(),
      rtpTicks: fc.integer({ min: -2, max: 3 }),
      run: fc.nat({ max: 1 }),
      lossBefore: fc.constantFrom(0, 0, 1, 40_000),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (fields) => {
        const depacketizer = new Vp8Depacketizer();
        const frames = framesOf(depacketizer, fields.map(mediaPacket));
        expect(depacketizer.statistics.framesEmitted).toBe(frames.length);
        expect(frames[0]?.keyFrame ?? true).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
