import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { generateCall, type VideoTrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlackFrames } from '../../src/ffmpeg/black-frames.ts';
import { type Picture, PicturesBehind } from '../../src/verify/bridges/pictures-behind.ts';
import type { TimedCodedFrame } from '../../src/verify/expectation.ts';
import { decode } from '../../src/verify/ffmpeg-decoding.ts';
import { bareStream } from '../../src/verify/simple-containers/bare-stream.ts';
import { codedFrames } from '../../src/verify/source-frames.ts';
import { verifyFile } from '../../src/verify/verify-file.ts';
import { MediaFile } from '../../src/write/media-file.ts';
import { VideoTrack } from '../../src/write/video-track.ts';
import { placeRecording } from '../support/place-recording.ts';
import { makeFile } from './support/make-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

const READING = { onBytes: () => undefined };
const CODECS = ['vp8', 'vp9', 'h264', 'av1'] as const;

const picture = (codec: (typeof CODECS)[number], segments: VideoTrackSpec['segments']): VideoTrackSpec => ({
  kind: 'video',
  codec,
  width: 160,
  height: 120,
  fps: 10,
  keyFrameEveryMs: 1500,
  segments,
});

/** Two gaps; behind the first one the camera is another size. */
const WITH_GAPS = [
  { startMs: 200, durationMs: 2000 },
  { startMs: 3200, durationMs: 2000, width: 320, height: 180 },
  { startMs: 6400, durationMs: 1000 },
];

const callOf = (track: VideoTrackSpec) =>
  generateCall({ seed: 3, users: [{ id: 'alice', sessions: [{ tracks: [track] }] }] });

describe('pictures behind black', () => {
  const tracks = [
    ...CODECS.map((codec) => [codec, picture(codec, WITH_GAPS)] as const),
    ['h264 with B-frames', { ...picture('h264', WITH_GAPS), bFrames: 2, profile: 'main' }] as const,
  ];
  for (const [name, spec] of tracks)
    test(`${name} · are those of the source, as large as they are`, async () => {
      await using made = await makeFile(await callOf(spec), folder);
      const [track] = made.expected().tracks;
      const { bridges = [], codedFrames } = track ?? expect.fail();
      expect(bridges.length).toBe(2);
      const behind = new PicturesBehind(bridges);
      let ofFile = 0;
      const { isClean } = await decode(made.path, new Set(['video']), {}, (one) => {
        if (one.atMs > 3000) ofFile++;
        behind.ofFile(one);
      });
      expect([isClean, ofFile]).toEqual([true, expect.toSatisfy((count) => count >= 30)]);
      // Nothing was found in a source that was not looked at.
      expect(behind.foreign.count).toBeGreaterThanOrEqual(25);
      const stream = (await bareStream(codedFrames?.() ?? expect.fail())) ?? expect.fail();
      const ofSource: Picture[] = [];
      await decode(stream, new Set(['video']), {}, (one) => {
        ofSource.push(one);
        behind.ofSource({ ...one, atMs: one.atMs - stream.leadMs });
      });
      expect(ofSource.length).toBeGreaterThanOrEqual(50);
      expect([behind.foreign.count, behind.missing.count]).toEqual([0, 0]);
      expect((await verifyFile(made.expected())).mismatches).toEqual([]);
    });

  test('of another recording · are foreign', async () => {
    await using made = await makeFile(await callOf(picture('vp8', WITH_GAPS)), folder);
    const coarse = { ...picture('vp8', WITH_GAPS), bitrate: 20_000 };
    await using other = await makeFile(await callOf(coarse), folder);
    const [track] = made.expected().tracks;
    const behind = new PicturesBehind(track?.bridges ?? []);
    await decode(made.path, new Set(['video']), {}, behind.ofFile);
    await decode(other.path, new Set(['video']), {}, behind.ofSource);
    expect(behind.foreign.where).toMatch(/^between [36]\.\d+ s and 7\.\d+ s$/);
  });

  test('of a file whose zero is the recording’s, black before its first picture · are those of the source', async () => {
    const call = await callOf(picture('h264', WITH_GAPS));
    await using made = await makeFile(call, folder, { align: 'recording' });
    expect((await verifyFile(made.expected())).mismatches).toEqual([]);
  });
});

/** A camera that pauses for two seconds in the midst of a group of pictures, and black in its pause as if a key frame followed. */
async function withBlackBeforeDeltas(codec: (typeof CODECS)[number]) {
  const archive = join(folder, `${codec}.zip`);
  const spec = { ...picture(codec, [{ startMs: 0, durationMs: 4000 }]), texture: 0.3, keyFrameEveryMs: 8000 };
  await (await callOf(spec)).writeArchive(archive);
  await using recording = await openRecording(archive);
  const { placed } = await placeRecording(recording, { outputs: ['video'] });
  const source = placed[0] ?? expect.fail('no track');
  const fileZeroMs = source.runs[0]?.startMs ?? 0;
  const frames: TimedCodedFrame[] = [];
  for await (const batch of codedFrames(source, fileZeroMs, READING))
    frames.push(...batch.map(({ frame, atMs }) => ({ frame, atMs: atMs < 2250 ? atMs : atMs + 2000 })));
  const path = join(folder, `${codec}-black.mkv`);
  const options = {
    docType: 'matroska',
    title: '',
    startsAtMs: fileZeroMs,
    tags: {},
    writingApp: 'test',
  } as const;
  const file = new MediaFile({ path, ...options });
  const black = new BlackFrames(folder, undefined);
  const video = new VideoTrack({ gaps: 'fill', black, write: (frame) => file.add(1, frame) });
  let lastMs = 0;
  for (const { frame, atMs } of frames) {
    if (!file.isStarted) file.start([video.entry(frame)]);
    const isBehindPause = atMs - lastMs > 1000;
    expect([atMs, frame.keyFrame]).toEqual([atMs, atMs === 0]);
    const keyFrame = frame.keyFrame || isBehindPause;
    await video.add({ ...frame, keyFrame }, { atMs, runAtMs: 0 }, isBehindPause ? 'source-silent' : 'none');
    lastMs = atMs;
  }
  video.finish();
  await file.finish();
  const [gap, ...more] = video.report().gaps;
  expect([gap?.filledWith, more]).toEqual(['black', []]);
  const bridges = [{ fromMs: gap?.startMs ?? 0, toMs: gap?.endMs ?? 0 }];
  const again = async function* () {
    yield frames;
  };
  return await verifyFile({ path, tracks: [{ kind: 'video', bridges, codedFrames: again }] });
}

describe('black that a decoder does not get over', () => {
  for (const codec of ['vp8', 'vp9', 'h264'] as const)
    test(`${codec} · the pictures behind it are named`, async () => {
      const { mismatches } = await withBlackBeforeDeltas(codec);
      const messages = mismatches.map(({ what, message }) => `${what}: ${message}`);
      expect(messages).toEqual([
        expect.stringMatching(
          codec === 'h264'
            ? /^content: video: 17 pictures behind black are not shown, between 4\.300 s and 5\.900 s$/
            : /^content: video: 1\d pictures behind black are not what the source decodes to, between 4\.[34]00 s and 5\.900 s$/,
        ),
        ...(codec === 'h264' ? [] : [expect.stringMatching(/are not shown/)]),
      ]);
    });
});

describe('which pictures are others', () => {
  const judge = (file: readonly [number, number][], source: readonly [number, number][]) => {
    const behind = new PicturesBehind([{ fromMs: 1000, toMs: 2000 }]);
    for (const [atMs, hash] of file) behind.ofFile({ atMs, hash });
    for (const [atMs, hash] of source) behind.ofSource({ atMs, hash });
    return behind;
  };
  const SOURCE = [
    [900, 1],
    [2000, 2],
    [2100, 3],
    [2200, 4],
  ] as const;

  const source = SOURCE.map(([atMs, hash]): [number, number] => [atMs, hash]);

  test('filler is not looked at, nor what is before it', () => {
    expect(judge([[900, 9], [960, 9], [1000, 0], [1500, 0], ...source.slice(1)], source)).toMatchObject({
      foreign: { count: 0 },
      missing: { count: 0 },
    });
  });

  test('two in a row are, one alone may be a decoder’s', () => {
    const alone = judge(
      [
        [2000, 8],
        [2100, 3],
        [2200, 8],
      ],
      source,
    );
    expect([alone.foreign.count, alone.missing.count]).toEqual([0, 0]);
    expect(
      judge(
        [
          [2000, 8],
          [2100, 8],
          [2200, 4],
        ],
        source,
      ).foreign.where,
    ).toBe('between 2.000 s and 2.100 s');
  });

  test('a picture of another time is no picture of this', () => {
    const other = judge(
      [
        [2000, 2],
        [3000, 2],
        [3100, 2],
      ],
      source,
    );
    expect([other.foreign.count, other.missing.count]).toEqual([2, 2]);
  });

  test('what the file does not show is missing', () => {
    expect(judge([[1000, 0]], source).missing.where).toBe('between 2.000 s and 2.200 s');
  });
});
