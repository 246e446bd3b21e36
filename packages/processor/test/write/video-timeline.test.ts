import type { MatroskaFrame } from '@rawreel/matroska';
import type { CodedFrame, VideoParameters } from '@rawreel/rtp';
import { describe, expect, test } from 'vitest';
import { FillerAllowance } from '../../src/write/filler-allowance.ts';
import { VideoTimeline, type VideoTimelineOptions } from '../../src/write/video-timeline.ts';
import { joined } from '../support/joined.ts';

const vp8: VideoParameters = {
  codec: 'vp8',
  width: 320,
  height: 240,
  profile: 0,
  bitDepth: 8,
  chroma: '4:2:0',
};

/** avcC with one SPS (67 aa) and one PPS (68 bb), told apart by their second byte. */
const avc = (mark: number): VideoParameters => ({
  ...vp8,
  codec: 'h264',
  codecPrivate: Uint8Array.of(1, 66, 0, 30, 0xff, 0xe1, 0, 2, 0x67, mark, 1, 0, 2, 0x68, mark),
});

const setsOf = (mark: number) => [0, 0, 0, 2, 0x67, mark, 0, 0, 0, 2, 0x68, mark];

function frame(parameters = vp8, keyFrame = false, lossBefore = 0): CodedFrame {
  const bytes = Uint8Array.of(9);
  return {
    run: 0,
    rtpTicks: 0,
    receivedMs: 0,
    keyFrame,
    chunks: [bytes],
    byteLength: 1,
    lossBefore,
    parameters,
    rotation: 0,
  };
}

const BLACK = Uint8Array.of(0xb1);

function timeline(options: Partial<VideoTimelineOptions> = {}) {
  const written: MatroskaFrame[] = [];
  const video = new VideoTimeline({
    gaps: 'fill',
    black: async () => BLACK,
    write: (one) => written.push(one),
    ...options,
  });
  return { video, written };
}

const isBlack = ({ chunks }: MatroskaFrame) => chunks[0] === BLACK;

describe('video timeline', () => {
  test('capture times stay uneven as they are; the last frame lasts the median interval', async () => {
    const { video, written } = timeline();
    for (const at of [0, 33.4, 66.6, 130.2, 166.4]) await video.add(frame(), at, 'none');
    video.finish();
    expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 33, 67, 130, 166]);
    expect(written.at(-1)?.durationMs).toBeCloseTo(36, 0);
  });

  test('two frames of one millisecond still increase', async () => {
    const { video, written } = timeline();
    for (const at of [0, 10, 10.2, 9.8]) await video.add(frame(), at, 'none');
    video.finish();
    expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 10, 11, 12]);
  });

  test('gap between segments · black twice a second from the end of the last frame to the next', async () => {
    const { video, written } = timeline();
    for (const at of [0, 40, 80]) await video.add(frame(), at, 'none');
    await video.add(frame(vp8, true), 1500, 'between-segments');
    video.finish();
    expect(written.filter(isBlack).map(({ timestampMs, keyFrame }) => [timestampMs, keyFrame])).toEqual([
      [120, true],
      [620, true],
      [1120, true],
    ]);
    expect(video.summary.gaps).toEqual([
      { startMs: 120, endMs: 1500, reason: 'between-segments', filledWith: 'black' },
    ]);
  });

  test('a long gap · black ever fewer times, after its first minute', async () => {
    const { video, written } = timeline();
    await video.add(frame(vp8, true), 0, 'before-start');
    await video.add(frame(vp8, true), 600_000, 'between-segments');
    const black = written.filter(isBlack).map(({ timestampMs }) => timestampMs);
    expect(black.slice(0, 3)).toEqual([40, 540, 1040]);
    expect(black.slice(-2)).toEqual([590_040, 595_040]);
    expect(black).toHaveLength(120 + 108);
  });

  test('no allowance for a gap · it stands in the timestamps and is counted, and a shorter one is filled', async () => {
    const allowance = new FillerAllowance(100);
    const { video } = timeline({ allowance });
    await video.add(frame(vp8, true), 0, 'before-start');
    await video.add(frame(vp8, true), 60_000, 'between-segments');
    await video.add(frame(vp8, true), 61_000, 'between-segments');
    video.finish();
    expect(video.summary.gaps.map(({ filledWith }) => filledWith)).toEqual(['nothing', 'black']);
    expect(video.summary.unfilled).toEqual({ gaps: 1, ms: 59_960 });
  });

  test('gap before the first key frame · black from the file’s zero, in the size that follows', async () => {
    const asked: VideoParameters[] = [];
    const black = async (parameters: VideoParameters) => {
      asked.push(parameters);
      return BLACK;
    };
    const { video, written } = timeline({ black });
    await video.add(frame(vp8, true), 1600, 'before-start');
    video.finish();
    expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 500, 1000, 1500, 1600]);
    expect(asked).toEqual([vp8]);
  });

  test('gaps kept, or no black to be had · the time stands in the timestamps and is told', async () => {
    for (const [options, blackMissing] of [
      [{ gaps: 'keep' }, false],
      [{ black: async () => undefined }, true],
    ] as const) {
      const { video, written } = timeline(options);
      await video.add(frame(vp8, true), 0, 'before-start');
      await video.add(frame(vp8, true), 5000, 'between-segments');
      video.finish();
      expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 5000]);
      expect(video.summary).toMatchObject({
        blackMissing,
        gaps: [{ startMs: 40, endMs: 5000, filledWith: 'nothing' }],
      });
    }
  });

  test('gap before a picture that is no key frame · the last one stands, as black would spoil what is built on it', async () => {
    const { video, written } = timeline();
    for (const at of [0, 40, 80]) await video.add(frame(vp8, at === 0), at, 'none');
    await video.add(frame(), 3080, 'source-silent');
    await video.add(frame(vp8, true), 6000, 'source-silent');
    video.finish();
    expect(written.filter(isBlack).map(({ timestampMs }) => timestampMs)[0]).toBe(3120);
    expect(video.summary.gaps).toEqual([
      { startMs: 120, endMs: 3080, reason: 'source-silent', filledWith: 'nothing' },
      { startMs: 3120, endMs: 6000, reason: 'source-silent', filledWith: 'black' },
    ]);
  });

  test('B-frames · in the order of decoding, each at its own time; the picture shown last has the duration', async () => {
    const { video, written } = timeline();
    const later = { ...frame(avc(1)), shownEarlier: true };
    await video.add(frame(avc(1), true), 0, 'before-start');
    for (const [at, between] of [
      [100, [33.3, 66.7]],
      [200, [133.3, 166.7]],
    ] as const) {
      await video.add(frame(avc(1)), at, 'none');
      for (const time of between) await video.add(later, time, 'none');
    }
    video.finish();
    expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 100, 33, 67, 200, 133, 167]);
    expect(written.flatMap(({ durationMs }, index) => (durationMs === undefined ? [] : [index]))).toEqual([
      4,
    ]);
    expect(written[4]?.durationMs).toBeCloseTo(33.3, 0);
  });

  test('a time that runs back without being a B-frame’s moves up, as before', async () => {
    const { video, written } = timeline();
    for (const at of [0, 40, 20, 80]) await video.add(frame(), at, 'none');
    video.finish();
    expect(written.map(({ timestampMs }) => timestampMs)).toEqual([0, 40, 41, 80]);
  });

  test('no pictures within a run · the last one stands; no black', async () => {
    const { video, written } = timeline();
    await video.add(frame(vp8, true), 0, 'before-start');
    await video.add(frame(), 4000, 'none');
    video.finish();
    expect(written).toHaveLength(2);
    expect(video.summary.gaps).toEqual([]);
  });

  test('h264 · the stream’s parameter sets come back after black frames and after another segment’s', async () => {
    const { video, written } = timeline();
    await video.add(frame(avc(1), true), 0, 'before-start');
    await video.add(frame(avc(1), true), 1000, 'between-segments');
    await video.add(frame(avc(1), true), 1040, 'none');
    await video.add(frame(avc(2), true), 1080, 'between-segments');
    await video.add(frame(avc(2), true), 1120, 'none');
    video.finish();
    const pictures = written.filter((one) => !isBlack(one)).map((one) => [...joined(one)]);
    expect(pictures).toEqual([[9], [...setsOf(1), 9], [9], [...setsOf(2), 9], [9]]);
  });

  test('h264 · black at the very start replaces the container’s parameter sets, so the first picture brings its own', async () => {
    const { video, written } = timeline();
    await video.add(frame(avc(1), true), 700, 'before-start');
    await video.add(frame(avc(1), true), 740, 'none');
    video.finish();
    const pictures = written.filter((one) => !isBlack(one)).map((one) => [...joined(one)]);
    expect(pictures).toEqual([[...setsOf(1), 9], [9]]);
  });
});
