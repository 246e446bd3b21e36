import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MatroskaFrame } from '../src/matroska-frame.ts';
import { MatroskaWriter } from '../src/matroska-writer.ts';
import { Interleaver } from '../src/order/interleaver.ts';
import { MemorySink } from '../src/sinks/memory-sink.ts';
import { type ReadBlock, readBlocks } from './support/ebml-reader.ts';
import { AUDIO, frame, optionsFor, VIDEO, writeAll } from './support/write.ts';

const MIB = 1024 * 1024;

/** Identifies a frame by its bytes: track and number on it. */
function stamped(track: number, number: number, timestampMs: number): MatroskaFrame {
  return frame(timestampMs, {
    keyFrame: track !== 2 || number % 30 === 0,
    chunks: [Uint8Array.of(track, number)],
  });
}

const told = (block: ReadBlock): unknown => [block.track, block.timestampMs, [...block.bytes]];

function perTrack(blocks: readonly ReadBlock[], track: number): unknown[] {
  return blocks.filter((block) => block.track === track).map(told);
}

/** Frames of three tracks: rising times, any steps, any start. */
const anyTracks = fc
  .array(fc.tuple(fc.nat(8000), fc.array(fc.integer({ min: 1, max: 1900 }), { maxLength: 60 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((tracks) =>
    tracks.map(([start, steps], index) => {
      let at = start;
      return steps.map((step, number) => {
        at += step;
        return stamped(index + 1, number, at);
      });
    }),
  );

type Lanes = readonly (readonly MatroskaFrame[])[];

/** Hands frames over in an order of its own choosing: `picks` says which track is next. Tracks are closed as they end. */
function writeInOrder(lanes: Lanes, picks: Iterable<number>, close: boolean): ReadBlock[] {
  const sink = new MemorySink();
  const writer = new MatroskaWriter(sink, optionsFor([AUDIO, VIDEO, AUDIO].slice(0, lanes.length)));
  const heads = lanes.map(() => 0);
  for (const pick of picks) {
    const lane = pick % lanes.length;
    const next = lanes[lane]?.[heads[lane] as number];
    if (next === undefined) continue;
    writer.addFrame(lane + 1, next);
    heads[lane] = (heads[lane] as number) + 1;
    if (close && heads[lane] === lanes[lane]?.length) writer.closeTrack(lane + 1);
  }
  for (const [lane, frames] of lanes.entries()) {
    for (const rest of frames.slice(heads[lane])) writer.addFrame(lane + 1, rest);
  }
  writer.finish();
  return readBlocks(sink.bytes);
}

function inTime(lanes: Lanes): number[] {
  const order = lanes.flatMap((frames, lane) => frames.map((each) => ({ lane, at: each.timestampMs })));
  return order.sort((a, b) => a.at - b.at || a.lane - b.lane).map(({ lane }) => lane);
}

describe('any frames of any tracks', () => {
  test('handed over in any order, come out complete and in order on each track', () => {
    fc.assert(
      fc.property(anyTracks, fc.array(fc.nat(2), { maxLength: 200 }), fc.boolean(), (lanes, picks, close) => {
        const blocks = writeInOrder(lanes, picks, close);
        for (const [index, frames] of lanes.entries()) {
          expect(perTrack(blocks, index + 1)).toEqual(
            frames.map((each, number) => [index + 1, each.timestampMs, [index + 1, number]]),
          );
        }
        for (const block of blocks) {
          expect(block.relativeMs).toBeGreaterThanOrEqual(0);
          expect(block.relativeMs).toBeLessThanOrEqual(5000);
        }
      }),
    );
  });

  test('handed over in time order, come out in time order however long a track is silent', () => {
    fc.assert(
      fc.property(anyTracks, fc.boolean(), (lanes, close) => {
        const times = writeInOrder(lanes, inTime(lanes), close).map((block) => block.timestampMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times).toHaveLength(lanes.flat().length);
      }),
    );
  });

  test('handed over up to 2 s apart, come out in time order', () => {
    fc.assert(
      fc.property(anyTracks, fc.array(fc.nat(2000)), (lanes, delays) => {
        // Track by track its own delay: what it hands over lags by that much behind its times.
        const lag = (lane: number): number => delays[lane] ?? 0;
        const order = lanes
          .flatMap((frames, lane) => frames.map((each) => ({ lane, at: each.timestampMs + lag(lane) })))
          .sort((a, b) => a.at - b.at || a.lane - b.lane)
          .map(({ lane }) => lane);
        const times = writeInOrder(lanes, order, false).map((block) => block.timestampMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('a track that keeps the others waiting', () => {
  test('does so for 2 s, then they go on without it', () => {
    const lanes = new Interleaver<{ orderMs: number; byteLength: number }>(2);
    const out: number[] = [];
    for (let at = 0; at <= 10_000; at += 20) {
      lanes.push(0, { orderMs: at, byteLength: 100 });
      for (let item = lanes.next(); item !== undefined; item = lanes.next()) out.push(item.orderMs);
    }
    expect(out[0]).toBe(0);
    expect(out.at(-1)).toBe(7980);
  });

  test('does so for 8 MiB, then they go on without it', () => {
    const lanes = new Interleaver<{ orderMs: number; byteLength: number }>(2);
    let out = 0;
    for (let at = 0; at < 20; at++) {
      lanes.push(0, { orderMs: at, byteLength: MIB });
      while (lanes.next() !== undefined) out++;
    }
    expect(out).toBe(12);
  });

  test('what waits is counted by what it keeps in memory, each buffer once', () => {
    const waiting = (views: (at: number) => Uint8Array[]): number => {
      const lanes = new Interleaver<{ orderMs: number; byteLength: number; chunks: Uint8Array[] }>(2);
      let out = 0;
      for (let at = 0; at < 1000; at++) {
        lanes.push(0, { orderMs: at, byteLength: 10, chunks: views(at) });
        while (lanes.next() !== undefined) out++;
      }
      return 1000 - out;
    };
    const shared = new Uint8Array(256 * 1024);
    expect(waiting((at) => [shared.subarray(at, at + 10)])).toBe(1000);
    expect(waiting(() => [new Uint8Array(10)])).toBe(1000);
    expect(waiting(() => [new Uint8Array(256 * 1024).subarray(0, 10)])).toBe(31);
    expect(waiting(() => [new Uint8Array(4), new Uint8Array(256 * 1024).subarray(0, 6)])).toBe(31);
  });

  test('and comes late still has all its frames in the file, in a cluster of their time', () => {
    const early = Array.from({ length: 500 }, (_, index): [number, MatroskaFrame] => [
      1,
      stamped(1, index, index * 20),
    ]);
    const late = Array.from({ length: 100 }, (_, index): [number, MatroskaFrame] => [
      2,
      stamped(2, index, index * 40),
    ]);
    const blocks = readBlocks(writeAll(optionsFor([AUDIO, VIDEO]), [...early, ...late]).bytes);
    expect(perTrack(blocks, 1)).toHaveLength(500);
    expect(perTrack(blocks, 2).map((block) => (block as [number, number])[1])).toEqual(
      late.map(([, each]) => each.timestampMs),
    );
  });

  test('has ended: the others no longer wait', () => {
    const sink = new MemorySink();
    const writer = new MatroskaWriter(sink, optionsFor([AUDIO, VIDEO]));
    writer.addFrame(2, stamped(2, 0, 0));
    writer.closeTrack(2);
    // More than a cluster's time, less than what 2 s of waiting would let through.
    for (let index = 0; index < 300; index++) writer.addFrame(1, stamped(1, index, index * 20));
    expect(
      readBlocks(sink.bytes)
        .map((block) => block.timestampMs)
        .at(-1),
    ).toBe(5000);
  });

  test('has ended: what waited for it is out before the next frame comes', () => {
    const sink = new MemorySink();
    const writer = new MatroskaWriter(sink, optionsFor([VIDEO, AUDIO]));
    for (let index = 0; index < 4; index++) writer.addFrame(1, stamped(1, index, index * 40));
    expect(sink.bytes.length).toBe(0);
    writer.closeTrack(2);
    expect(readBlocks(sink.bytes).map((block) => block.timestampMs)).toEqual([0, 40, 80]);
  });

  test('jumps ahead by a day: the others are not thrown out of order', () => {
    const day = 86_400_000;
    const frames: [number, MatroskaFrame][] = [
      [1, stamped(1, 0, 0)],
      [2, stamped(2, 0, 10)],
      [1, stamped(1, 1, day)],
      [2, stamped(2, 1, 50)],
      [2, stamped(2, 2, 90)],
      [2, stamped(2, 3, day + 10)],
    ];
    const times = readBlocks(writeAll(optionsFor([AUDIO, VIDEO]), frames).bytes).map(
      (block) => block.timestampMs,
    );
    expect(times).toEqual([0, 10, 50, 90, day, day + 10]);
  });
});

describe('order', () => {
  test('of equal times is that of the tracks', () => {
    const frames = [2, 1, 3].flatMap((track) =>
      [0, 1].map((at): [number, MatroskaFrame] => [track, stamped(track, at, at * 20)]),
    );
    const blocks = readBlocks(writeAll(optionsFor([AUDIO, VIDEO, AUDIO]), frames).bytes);
    expect(blocks.map((block) => [block.timestampMs, block.track])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [20, 1],
      [20, 2],
      [20, 3],
    ]);
  });

  test('with one track nothing waits: every full cluster is out at once', () => {
    const sink = new MemorySink();
    const writer = new MatroskaWriter(sink, optionsFor([VIDEO]));
    writer.addFrame(1, stamped(2, 0, 0));
    writer.addFrame(1, stamped(2, 30, 40));
    expect(readBlocks(sink.bytes).map((block) => block.timestampMs)).toEqual([0]);
  });
});
