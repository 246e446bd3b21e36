import { describe, expect, test } from 'vitest';
import type { FrameBytes, MatroskaFrame } from '../src/matroska-frame.ts';
import { MatroskaWriter } from '../src/matroska-writer.ts';
import { MemorySink } from '../src/sinks/memory-sink.ts';
import {
  all,
  blocksOfCluster,
  only,
  type ReadBlock,
  type ReadElement,
  readBlocks,
  readElements,
} from './support/ebml-reader.ts';
import { AUDIO, frame, inTimeOrder, joined, optionsFor, VIDEO, writeAll } from './support/write.ts';

const MIB = 1024 * 1024;
const HOUR = 3_600_000;

function clusters(file: Uint8Array): ReadElement[] {
  return all(readElements(file), 'Segment', 'Cluster');
}

function every(
  stepMs: number,
  count: number,
  more: (index: number) => Partial<MatroskaFrame> = () => ({}),
): MatroskaFrame[] {
  return Array.from({ length: count }, (_, index) => frame(index * stepMs, more(index)));
}

function single(frames: readonly MatroskaFrame[]): [number, MatroskaFrame][] {
  return frames.map((each) => [1, each]);
}

test('frameEnd · behind the bytes of each frame of one track as it is added, in whatever kind of block', () => {
  const sink = new MemorySink();
  const writer = new MatroskaWriter(sink, optionsFor([VIDEO]));
  const frames = every(40, 60, (index) => ({
    keyFrame: index % 25 === 0,
    chunks: [Uint8Array.of(0xaa), new Uint8Array(100 + index).fill(index)],
    ...(index % 7 === 0 && { durationMs: 40 }),
  }));
  const ends = frames.map((each) => {
    writer.addFrame(1, each);
    return writer.frameEnd;
  });
  writer.finish();
  for (const [index, each] of frames.entries()) {
    const end = ends[index] ?? 0;
    expect(sink.bytes.subarray(end - 101 - index, end)).toEqual(Uint8Array.from(joined(each)));
  }
});

describe('bytes that are stored elsewhere', () => {
  const stored = (bytes: Uint8Array) => ({
    length: bytes.length,
    copyTo: (target: Uint8Array, at: number) => target.set(bytes, at),
  });

  test('one track and several · make the same file as bytes in memory', () => {
    const pieces = Array.from({ length: 200 }, (_, index) => new Uint8Array(1 + 37 * index).fill(index));
    for (const tracks of [[VIDEO], [AUDIO, VIDEO]]) {
      const of = (make: (bytes: Uint8Array) => FrameBytes) =>
        pieces.map((bytes, index): [number, MatroskaFrame] => [
          1 + (index % tracks.length),
          frame(index * 20, { chunks: [Uint8Array.of(7), make(bytes)] }),
        ]);
      const expected = writeAll(
        optionsFor(tracks),
        of((bytes) => bytes),
      ).bytes;
      expect(Buffer.compare(writeAll(optionsFor(tracks), of(stored)).bytes, expected)).toBe(0);
    }
  });

  test('what reading them throws is thrown, and the writer has failed', () => {
    const gone = new Error('the file is gone');
    const fail = () => {
      throw gone;
    };
    const writer = new MatroskaWriter(new MemorySink(), optionsFor([VIDEO]));
    expect(() => writer.addFrame(1, frame(0, { chunks: [{ length: 5, copyTo: fail }] }))).toThrow(gone);
    expect(() => writer.finish()).toThrow(expect.objectContaining({ code: 'writer-failed' }));
  });
});

describe('where clusters begin', () => {
  test('audio alone: after 5 s at most', () => {
    const found = clusters(writeAll(optionsFor([AUDIO]), single(every(20, 1000))).bytes);
    expect(found.map((cluster) => only(cluster.children, 'Timestamp').value)).toEqual([
      0, 5020, 10040, 15060,
    ]);
  });

  test('video: at every key frame, which is the first block', () => {
    const frames = every(40, 200, (index) => ({ keyFrame: index % 50 === 0 }));
    const blocks = clusters(writeAll(optionsFor([VIDEO]), single(frames)).bytes).map(blocksOfCluster);
    expect(blocks.map((each) => each[0]?.timestampMs)).toEqual([0, 2000, 4000, 6000]);
    expect(blocks.map((each) => each.filter((block) => block.keyFrame).length)).toEqual([1, 1, 1, 1]);
  });

  test('what is shown earlier stands where it is decoded, with a negative time where the cluster begins behind it', () => {
    const earlier = (ms: number) => frame(ms, { keyFrame: false, shownEarlier: true });
    const video = [
      ...[frame(0), frame(120, { keyFrame: false }), earlier(40), earlier(80)],
      // Pictures that lead to a key frame are decoded behind it.
      ...[frame(240), earlier(160), earlier(200), frame(280, { keyFrame: false })],
    ];
    const { bytes } = writeAll(optionsFor([VIDEO]), single(video));
    const found = clusters(bytes);
    expect(found.map((cluster) => only(cluster.children, 'Timestamp').value)).toEqual([0, 240]);
    expect(readBlocks(bytes).map(({ timestampMs }) => timestampMs)).toEqual(
      video.map(({ timestampMs }) => timestampMs),
    );
  });

  test('sound lies around pictures as they are decoded', () => {
    const video = [
      frame(0),
      frame(120, { keyFrame: false }),
      frame(40, { keyFrame: false, shownEarlier: true }),
    ];
    const { bytes } = writeAll(optionsFor([VIDEO, AUDIO]), [
      ...single(video),
      ...every(20, 7).map((each): [number, MatroskaFrame] => [2, each]),
    ]);
    expect(readBlocks(bytes).map(({ track, timestampMs }) => `${track}:${timestampMs}`)).toEqual([
      '1:0',
      '2:0',
      '2:20',
      '2:40',
      '2:60',
      '2:80',
      '2:100',
      '1:120',
      '1:40',
      '2:120',
    ]);
  });

  test('audio key flags do not cut clusters of a file with video', () => {
    const video = every(40, 100, (index) => ({ keyFrame: index === 0 }));
    const { bytes } = writeAll(optionsFor([VIDEO, AUDIO]), inTimeOrder(video, every(20, 200)));
    expect(clusters(bytes)).toHaveLength(1);
  });

  test('no cluster is larger than 5 MiB where frames allow it', () => {
    const big = [new Uint8Array(700 * 1024)];
    const frames = every(40, 20, (index) => ({ keyFrame: index === 0, chunks: big }));
    const found = clusters(writeAll(optionsFor([VIDEO]), single(frames)).bytes);
    expect(found.map((cluster) => blocksOfCluster(cluster).length)).toEqual([7, 7, 6]);
    for (const cluster of found) expect(cluster.end - cluster.at).toBeLessThanOrEqual(5 * MIB);
  });

  test('a frame larger than a cluster should be has one of its own', () => {
    const sizes = [10, 6 * MIB, 10];
    const frames = sizes.map((size, index) =>
      frame(index * 40, { keyFrame: index === 0, chunks: [new Uint8Array(size)] }),
    );
    const found = clusters(writeAll(optionsFor([VIDEO]), single(frames)).bytes).map(blocksOfCluster);
    expect(found.map((blocks) => blocks.map((block) => block.bytes.length))).toEqual([[10], [6 * MIB], [10]]);
  });
});

describe('times', () => {
  test('gaps of days never overflow the 16 bits of a block', () => {
    const at = [0, 5000, 5001, 32_767, 32_768, 65_536, 25 * HOUR, 25 * HOUR + 20, 24 * 365 * HOUR];
    const blocks = readBlocks(writeAll(optionsFor([AUDIO]), single(at.map((ms) => frame(ms)))).bytes);
    expect(blocks.map((block) => block.timestampMs)).toEqual(at);
    for (const block of blocks) expect(block.relativeMs).toBeLessThanOrEqual(5000);
  });

  test('are rounded once, each by itself: 2.5 ms frames do not drift', () => {
    const frames = Array.from({ length: 4001 }, (_, index) => frame(index * 2.5));
    const blocks = readBlocks(writeAll(optionsFor([AUDIO]), single(frames)).bytes);
    expect(blocks.slice(0, 5).map((block) => block.timestampMs)).toEqual([0, 3, 5, 8, 10]);
    expect(blocks.at(-1)?.timestampMs).toBe(10_000);
    for (const [index, block] of blocks.entries()) {
      expect(Math.abs(block.timestampMs - index * 2.5)).toBeLessThanOrEqual(0.5);
    }
  });

  test('a late start stays where it is', () => {
    const { bytes, writer } = writeAll(optionsFor([AUDIO]), [[1, frame(61_234.4, { durationMs: 20 })]]);
    expect(readBlocks(bytes)[0]?.timestampMs).toBe(61_234);
    expect(writer.durationMs).toBe(61_254);
  });
});

describe('blocks', () => {
  test('a SimpleBlock carries key flag, track and bytes joined from all chunks', () => {
    const frames: [number, MatroskaFrame][] = [
      [1, frame(0, { chunks: [Uint8Array.of(1), Uint8Array.of(2, 3)] })],
      [1, frame(40, { keyFrame: false, chunks: [Uint8Array.of(4)] })],
    ];
    const blocks = readBlocks(writeAll(optionsFor([VIDEO]), frames).bytes);
    expect(blocks.map(({ track, keyFrame, bytes }) => ({ track, keyFrame, bytes: [...bytes] }))).toEqual([
      { track: 1, keyFrame: true, bytes: [1, 2, 3] },
      { track: 1, keyFrame: false, bytes: [4] },
    ]);
  });

  test('a duration makes a BlockGroup; a key frame in it has no reference, another names the frame before it', () => {
    const frames: [number, MatroskaFrame][] = [
      [1, frame(0)],
      [1, frame(40, { keyFrame: false })],
      [1, frame(90, { keyFrame: false, durationMs: 410 })],
      [1, frame(500, { durationMs: 40 })],
    ];
    const blocks = readBlocks(writeAll(optionsFor([VIDEO]), frames).bytes);
    const told = (block: ReadBlock): unknown => [
      block.timestampMs,
      block.keyFrame,
      block.durationMs,
      block.referenceMs,
    ];
    expect(blocks.map(told)).toEqual([
      [0, true, undefined, undefined],
      [40, false, undefined, undefined],
      [90, false, 410, -50],
      [500, true, 40, undefined],
    ]);
  });

  test('a first frame that is no key frame refers to a block unknown', () => {
    const blocks = readBlocks(
      writeAll(optionsFor([VIDEO]), [[1, frame(0, { keyFrame: false, durationMs: 40 })]]).bytes,
    );
    expect(blocks[0]).toMatchObject({ keyFrame: false, referenceMs: 0, durationMs: 40 });
  });

  test('a duration ends where its end rounds to', () => {
    const frames = [frame(0.4), frame(2.5, { durationMs: 2.5 })];
    const { bytes, writer } = writeAll(optionsFor([AUDIO]), single(frames));
    expect(readBlocks(bytes)[1]).toMatchObject({ timestampMs: 3, durationMs: 2 });
    expect(writer.durationMs).toBe(5);
  });

  test('frames of one octet and of many sizes come out as they went in', () => {
    const sizes = [1, 2, 122, 123, 124, 16_378, 16_379, 16_380, 70_000, 2_097_147, 2_097_148];
    const frames = sizes.map((size, index) =>
      frame(index, { chunks: [new Uint8Array(size).fill(index + 1)] }),
    );
    const blocks = readBlocks(writeAll(optionsFor([AUDIO]), single(frames)).bytes);
    expect(blocks.map((block) => block.bytes.length)).toEqual(sizes);
    for (const [index, block] of blocks.entries()) {
      expect(block.bytes.every((octet) => octet === index + 1)).toBe(true);
    }
  });

  test('track numbers beyond 126 take two octets', () => {
    const tracks = Array.from({ length: 127 }, () => AUDIO);
    const frames = tracks.map((_, index): [number, MatroskaFrame] => [index + 1, frame(index)]);
    const blocks = readBlocks(writeAll(optionsFor(tracks), frames).bytes);
    expect(blocks.map((block) => block.track)).toEqual(tracks.map((_, index) => index + 1));
  });
});

describe('cues', () => {
  interface ReadCue {
    readonly timeMs: number;
    readonly track: number;
    readonly block: ReadBlock | undefined;
  }

  /** Follows every cue to the block it points at. */
  function cues(file: Uint8Array): ReadCue[] {
    const segment = only(readElements(file), 'Segment');
    const found = all([segment], 'Segment', 'Cluster');
    return all([segment], 'Segment', 'Cues', 'CuePoint').flatMap((point) =>
      all(point.children, 'CueTrackPositions').map((positions) => {
        const clusterAt = only(positions.children, 'CueClusterPosition').value as number;
        const relativeAt = only(positions.children, 'CueRelativePosition').value as number;
        const cluster = found.find((each) => each.at === segment.contentAt + clusterAt);
        const at = (cluster?.contentAt ?? Number.NaN) + relativeAt;
        return {
          timeMs: only(point.children, 'CueTime').value as number,
          track: only(positions.children, 'CueTrack').value as number,
          block: cluster && blocksOfCluster(cluster).find((block) => block.at === at),
        };
      }),
    );
  }

  function expectEachToHit(found: readonly ReadCue[]): void {
    for (const { timeMs, track, block } of found) {
      expect(block).toMatchObject({ timestampMs: timeMs, track, keyFrame: true });
    }
  }

  test('video: one for each key frame, on the very block, whatever else is in the file', () => {
    const video = every(40, 500, (index) => ({ keyFrame: index % 75 === 0 }));
    const { bytes } = writeAll(optionsFor([AUDIO, VIDEO]), inTimeOrder(every(20, 1000), video));
    const found = cues(bytes);
    expect(found.map((cue) => cue.timeMs)).toEqual([0, 3000, 6000, 9000, 12_000, 15_000, 18_000]);
    expectEachToHit(found);
  });

  test('a key frame behind another in the same millisecond of another track shares its point', () => {
    const video = every(1000, 5);
    const { bytes } = writeAll(optionsFor([VIDEO, VIDEO]), inTimeOrder(video, video));
    const points = all(readElements(bytes), 'Segment', 'Cues', 'CuePoint');
    expect(points.map((point) => all(point.children, 'CueTrackPositions').length)).toEqual([2, 2, 2, 2, 2]);
    expectEachToHit(cues(bytes));
  });

  test('audio alone: one for each cluster', () => {
    const { bytes } = writeAll(optionsFor([AUDIO]), single(every(20, 1000)));
    const found = cues(bytes);
    expect(found.map((cue) => cue.timeMs)).toEqual([0, 5020, 10_040, 15_060]);
    expectEachToHit(found);
  });

  test('key frames only: no two within half a second', () => {
    const { bytes } = writeAll(optionsFor([VIDEO]), single(every(40, 250)));
    const found = cues(bytes);
    expect(found).toHaveLength(20);
    for (const [index, cue] of found.entries()) {
      if (index > 0) expect(cue.timeMs - (found[index - 1] as ReadCue).timeMs).toBeGreaterThanOrEqual(500);
    }
    expectEachToHit(found);
  });

  test('key frames every half second: one for each', () => {
    const { bytes } = writeAll(optionsFor([VIDEO]), single(every(500, 20)));
    expect(cues(bytes)).toHaveLength(20);
  });

  test('come in time order even when a track came late', () => {
    const late = every(2000, 10).map((each): [number, MatroskaFrame] => [2, each]);
    const { bytes } = writeAll(optionsFor([VIDEO, VIDEO]), [...single(every(2000, 10)), ...late]);
    const found = cues(bytes);
    expect(found).toHaveLength(20);
    expect(found.map((cue) => cue.timeMs)).toEqual(found.map((cue) => cue.timeMs).toSorted((a, b) => a - b));
    expectEachToHit(found);
  });

  test('of a day of audio take under 400 kB', () => {
    const day = (24 * HOUR) / 1000;
    const { bytes } = writeAll(optionsFor([AUDIO]), single(every(1000, day)));
    const element = only(readElements(bytes), 'Segment', 'Cues');
    expect(element.children).toHaveLength(24 * 600);
    expect(element.end - element.at).toBeLessThan(400_000);
  });
});
