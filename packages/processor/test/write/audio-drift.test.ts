import type { MatroskaFrame } from '@rawreel/matroska';
import { type AudioLevel, type CodedFrame, opusDurationTicks, opusHead } from '@rawreel/rtp';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Boundary } from '../../src/time/track-runs.ts';
import { AudioTimeline } from '../../src/write/audio-timeline.ts';
import { joined } from '../support/joined.ts';

const SAMPLES_PER_MS = 48;
const PARAMETERS = { codec: 'opus', channels: 1, codecPrivate: opusHead({ channels: 1 }) } as const;

/** What begins a packet of so many samples; the rest divides into its frames. */
const HEADS = new Map<number, readonly number[]>([
  [120, [28 << 3]], // CELT fullband, 2.5 ms
  [240, [29 << 3]], // 5 ms
  [480, [30 << 3]], // 10 ms
  [960, [31 << 3]], // 20 ms
  [1920, [(31 << 3) | 1]], // two of 20 ms
  [2400, [(28 << 3) | 3, 20]], // twenty of 2.5 ms
  [2880, [11 << 3]], // SILK wideband, 60 ms
  [5760, [(11 << 3) | 1]], // two of 60 ms
]);

interface Sent {
  readonly ticks: number;
  readonly duration?: number;
  readonly lossBefore?: number;
  readonly level?: number;
  readonly bytes?: number;
}

function frameOf({ ticks, duration = 960, lossBefore = 0, level, bytes = 80 }: Sent): CodedFrame {
  const head = HEADS.get(duration) ?? [];
  const packet = new Uint8Array(head.length + bytes);
  packet.set(head);
  const audioLevel: AudioLevel | undefined = level === undefined ? undefined : { level, voice: level < 60 };
  return {
    run: 0,
    rtpTicks: ticks,
    receivedMs: 0,
    durationTicks: duration,
    keyFrame: true,
    chunks: [packet],
    byteLength: packet.length,
    lossBefore,
    parameters: PARAMETERS,
    rotation: 0,
    ...(audioLevel === undefined ? {} : { audioLevel }),
  };
}

interface Block {
  readonly timestampMs: number;
  /** Where the decoder's samples stand when it begins. */
  readonly decoded: number;
  readonly samples: number;
  /** Of a packet that was sent: its number, and its time on the call clock in samples. */
  readonly sent?: { readonly index: number; readonly start: number };
}

/** What is written of packets whose card runs fast by `ppm`. */
function written(
  ppm: number,
  packets: readonly Sent[],
  boundaryOf: (index: number) => Boundary = () => 'none',
) {
  const blocks: Block[] = [];
  const sentAs = new Map<Uint8Array, { index: number; start: number }>();
  let decoded = 0;
  const write = ({ timestampMs, chunks }: MatroskaFrame): void => {
    const samples = opusDurationTicks(joined({ chunks })) ?? Number.NaN;
    const sent = sentAs.get(chunks[0] as Uint8Array);
    blocks.push({ timestampMs, decoded, samples, ...(sent === undefined ? {} : { sent }) });
    decoded += samples;
  };
  const audio = new AudioTimeline({ channels: 1, gaps: 'fill', dtx: 'fill', write });
  for (const [index, one] of packets.entries()) {
    const frame = frameOf(one);
    const start = Math.round(one.ticks / (1 + ppm * 1e-6));
    sentAs.set(frame.chunks[0] as Uint8Array, { index, start });
    audio.add(frame, start, boundaryOf(index));
  }
  audio.finish();
  const kept = new Set(blocks.map(({ sent }) => sent?.index));
  const leftOut = [...packets.keys()].filter((index) => !kept.has(index));
  return { blocks, leftOut, summary: audio.summary };
}

/** The place of each made-up block among the packets: the number of the one before it. */
function addedAfter(blocks: readonly Block[]): number[] {
  let before = -1;
  return blocks.flatMap(({ sent }) => {
    if (sent === undefined) return [before];
    before = sent.index;
    return [];
  });
}

function farthestFromClock(blocks: readonly Block[]) {
  let packets = 0;
  let stampMs = 0;
  for (const { decoded, samples, timestampMs, sent } of blocks) {
    if (sent === undefined) continue;
    packets = Math.max(packets, Math.abs(decoded - sent.start) / samples);
    stampMs = Math.max(stampMs, Math.abs(timestampMs - sent.start / SAMPLES_PER_MS));
  }
  return { packets, stampMs };
}

const risesStrictly = (blocks: readonly Block[]) =>
  blocks.every(
    ({ timestampMs }, index) => index === 0 || timestampMs > (blocks[index - 1]?.timestampMs ?? 0),
  );

const contiguous = (count: number, more: (index: number) => Partial<Sent> = () => ({})): Sent[] =>
  Array.from({ length: count }, (_, index) => ({ ticks: index * 960, ...more(index) }));

/** In 20 ms packets. */
const HOUR = 180_000;

/** Two seconds of speech, half a second of pause. */
const isPause = (index: number) => index % 125 >= 100;

const speechLevel = (index: number) => (isPause(index) ? 90 + (index % 7) : 20 + (index % 30));

describe('audio drift · an hour of 20 ms packets', () => {
  test.each([
    [200, 36],
    [500, 90],
    [-200, 36],
    [-500, 90],
  ])(
    'at %i ppm samples and timestamps keep to the call clock, with %i packets more or less',
    (ppm, expected) => {
      const { blocks, summary } = written(ppm, contiguous(HOUR));
      const { packetsLeftOut, packetsAdded } = summary.drift;
      const [done, undone] = ppm > 0 ? [packetsLeftOut, packetsAdded] : [packetsAdded, packetsLeftOut];
      expect(Math.abs(done - expected)).toBeLessThanOrEqual(1);
      expect(undone).toBe(0);
      expect(summary.frames).toBe(HOUR - packetsLeftOut);
      expect(summary).toMatchObject({
        trimmedMs: 0,
        gaps: [],
        concealed: { dtxMs: 0, lossMs: 0, silenceMs: 0 },
      });
      const farthest = farthestFromClock(blocks);
      expect(farthest.packets).toBeLessThan(0.91);
      expect(farthest.stampMs).toBeLessThanOrEqual(0.5);
      expect(risesStrictly(blocks)).toBe(true);
    },
  );

  test('at 0 ppm every packet passes as it is', () => {
    const { blocks, summary } = written(0, contiguous(HOUR));
    expect(blocks).toHaveLength(HOUR);
    expect(blocks.every(({ timestampMs }, index) => timestampMs === index * 20)).toBe(true);
    expect(summary.drift).toEqual({ packetsLeftOut: 0, packetsAdded: 0 });
  });

  test.each([200, 500])('at %i ppm what is left out is a pause by its level', (ppm) => {
    const { leftOut } = written(
      ppm,
      contiguous(HOUR / 2, (index) => ({ level: speechLevel(index) })),
    );
    expect(leftOut.length).toBeGreaterThan(15);
    expect(leftOut.filter((index) => !isPause(index))).toEqual([]);
  });

  test.each([-200, -500])('at %i ppm what is added goes into a pause by its level', (ppm) => {
    const { blocks } = written(
      ppm,
      contiguous(HOUR / 2, (index) => ({ level: speechLevel(index) })),
    );
    const places = addedAfter(blocks);
    expect(places.length).toBeGreaterThan(15);
    expect(places.filter((index) => !isPause(index) || !isPause(index + 1))).toEqual([]);
  });

  test.each([500, -500])('at %i ppm, without levels, the place is a small packet', (ppm) => {
    const bytes = (index: number) => (isPause(index) ? 12 : 60 + (index % 40));
    const { blocks, leftOut } = written(
      ppm,
      contiguous(HOUR / 2, (index) => ({ bytes: bytes(index) })),
    );
    const places = ppm > 0 ? leftOut : addedAfter(blocks);
    expect(places.length).toBeGreaterThan(40);
    expect(places.filter((index) => !isPause(index))).toEqual([]);
  });

  test.each([500, -500])('at %i ppm in speech without a pause it is done all the same', (ppm) => {
    // The quietest ten seconds come first: nothing is as quiet again.
    const falling = (index: number) => Math.max(1, 100 - Math.floor(index / 500));
    const { blocks, summary } = written(
      ppm,
      contiguous(30_000, (index) => ({ level: falling(index) })),
    );
    expect(summary.drift.packetsLeftOut + summary.drift.packetsAdded).toBeGreaterThan(13);
    expect(farthestFromClock(blocks).packets).toBeLessThan(0.91);
  });
});

describe('audio drift · gaps', () => {
  const talk = (from: number, ticks: number, count: number): Sent[] =>
    Array.from({ length: count }, (_, index) => ({
      ticks: ticks + index * 960,
      level: 20 + ((from + index) % 5),
    }));

  test('a DTX gap brings the samples to the clock, and no packet is left out', () => {
    // 20 s of talk at 500 ppm are half a packet, then 5 s of nothing.
    const packets = Array.from({ length: 20 }, (_, spurt) => talk(0, spurt * 25 * 48_000, 1000)).flat();
    for (const ppm of [500, -500]) {
      const { blocks, summary } = written(ppm, packets);
      expect(summary.drift).toEqual({ packetsLeftOut: 0, packetsAdded: 0 });
      const afterGaps = blocks.filter(({ sent }) => sent !== undefined && sent.index % 1000 === 0);
      for (const { decoded, sent } of afterGaps) expect((sent?.start ?? 0) - decoded).toBeLessThan(120);
    }
  });

  test('a departure is not bridged as a gap, nor taken for an overlap', () => {
    // 0.57 of a packet at the end: under what is taken up.
    const { blocks, summary } = written(500, contiguous(1150));
    expect(blocks).toHaveLength(1150);
    expect(summary).toMatchObject({ trimmedMs: 0, drift: { packetsLeftOut: 0, packetsAdded: 0 } });
    expect(written(-500, contiguous(1150)).blocks).toHaveLength(1150);
  });

  test('a lost packet behind a departure is concealed up to the clock', () => {
    const packets = contiguous(1200).flatMap((one, index) => {
      if (index === 1100) return [];
      return index === 1101 ? [{ ...one, lossBefore: 1 }] : [one];
    });
    // 1100 packets at 500 ppm are 11 ms more than time, or less: for the 20 ms lost, 9 or 31 are made up, as far as
    // frames of 2.5 and 10 ms can.
    const concealed = [500, -500].map((ppm) => written(ppm, packets).summary.concealed);
    expect(concealed).toEqual([
      { dtxMs: 0, lossMs: 7.5, silenceMs: 0 },
      { dtxMs: 10, lossMs: 20, silenceMs: 0 },
    ]);
  });

  test('a segment that overlaps the one before is trimmed, not left out for drift', () => {
    const packets = [...contiguous(10), ...contiguous(10).map(({ ticks }) => ({ ticks: ticks + 5 * 960 }))];
    const boundaryOf = (index: number) => (index === 10 ? 'between-segments' : 'none');
    const { blocks, summary } = written(0, packets, boundaryOf);
    expect(blocks).toHaveLength(15);
    expect(summary).toMatchObject({ trimmedMs: 100, drift: { packetsLeftOut: 0, packetsAdded: 0 } });
  });
});

/** Packets of one kind in a row, behind a gap. */
interface Stretch {
  readonly duration: number;
  readonly packets: number;
  readonly gapTicks: number;
  readonly lost: number;
  readonly levels: 'none' | 'flat' | 'speech';
}

function packetsOf(stretches: readonly Stretch[]): Sent[] {
  let ticks = 0;
  return stretches.flatMap(({ duration, packets, gapTicks, lost, levels }) => {
    const from = ticks + gapTicks + lost * duration;
    ticks = from + packets * duration;
    return Array.from({ length: packets }, (_, index) => ({
      ...{ ticks: from + index * duration, duration, lossBefore: index === 0 ? lost : 0 },
      bytes: isPause(index) ? 20 : 80,
      ...(levels === 'none' ? {} : { level: levels === 'flat' ? 40 : speechLevel(index) }),
    }));
  });
}

describe('audio drift · any stream', () => {
  const duration = fc.constantFrom(...HEADS.keys());
  const stretch = fc.record({
    duration,
    packets: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 200, max: 2000 })),
    gapTicks: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 400 }).map((steps) => steps * 120),
    ),
    lost: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8 })),
    levels: fc.constantFrom('none', 'flat', 'speech'),
  });

  test('samples stay within a packet of the clock, and timestamps within a millisecond', () => {
    const drift = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(drift, fc.array(stretch, { minLength: 1, maxLength: 12 }), (ppm, stretches) => {
        const packets = packetsOf(stretches);
        const { blocks, leftOut, summary } = written(ppm, packets);
        expect(risesStrictly(blocks)).toBe(true);
        const farthest = farthestFromClock(blocks);
        expect(farthest.packets).toBeLessThanOrEqual(1);
        expect(farthest.stampMs).toBeLessThanOrEqual(1);
        expect(summary.frames).toBe(packets.length - leftOut.length);
        expect(leftOut.length).toBeGreaterThanOrEqual(summary.drift.packetsLeftOut);
      }),
      { numRuns: 150 },
    );
  });

  test('also where every packet has a duration of its own, and a card is worse than any', () => {
    const drift = fc.double({ min: -2000, max: 2000, noNaN: true });
    const durations = fc.array(duration, { minLength: 1, maxLength: 3000, size: 'max' });
    fc.assert(
      fc.property(drift, durations, (ppm, each) => {
        const stretches = each.map((one) => ({ duration: one, packets: 1, gapTicks: 0, lost: 0 }));
        const packets = packetsOf(stretches.map((one) => ({ ...one, levels: 'none' })));
        const { blocks } = written(ppm, packets);
        expect(risesStrictly(blocks)).toBe(true);
        const farthest = farthestFromClock(blocks);
        expect(farthest.packets).toBeLessThanOrEqual(1);
        expect(farthest.stampMs).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});
