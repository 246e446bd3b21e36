import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioTrackSpec, generateCall, type VideoTrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyFile } from '../../src/verify/verify-file.ts';
import {
  cutLastCluster,
  cutLastClusterCleanly,
  dropBlock,
  flipByte,
  payloadOf,
  shiftCluster,
  shiftTrack,
  simpleBlocks,
} from './support/damage.ts';
import { type MadeFile, makeFile } from './support/make-file.ts';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

const callOf = (...tracks: (AudioTrackSpec | VideoTrackSpec)[]) =>
  generateCall({ seed: 11, users: [{ id: 'alice', sessions: [{ tracks }] }] });

const SPOKEN: AudioTrackSpec = {
  kind: 'audio',
  dtx: true,
  impair: { loss: 0.03, burst: { probability: 0.01, length: 5 } },
  segments: [
    { startMs: 200, durationMs: 7000 },
    { startMs: 8300, durationMs: 4000 },
  ],
};

const NOISY: AudioTrackSpec = {
  kind: 'audio',
  background: 0.1,
  segments: [{ startMs: 0, durationMs: 12_000 }],
};

const video = (more: Partial<VideoTrackSpec> = {}): VideoTrackSpec => ({
  kind: 'video',
  codec: 'vp8',
  width: 320,
  height: 240,
  keyFrameEveryMs: 2000,
  segments: [{ startMs: 400, durationMs: 7000 }],
  ...more,
});

/** What is found in a copy of a file that something was done to. */
async function whatIn(made: Pick<MadeFile, 'expected'>, bytes: Buffer) {
  const path = join(folder, `damaged-${++count}.mkv`);
  await writeFile(path, bytes);
  const { mismatches } = await verifyFile(made.expected(path));
  return {
    what: [...new Set(mismatches.map(({ what }) => what))],
    messages: mismatches.map((one) => one.message),
  };
}

describe('a sound file has no mismatch', () => {
  const sound: readonly [string, AudioTrackSpec | VideoTrackSpec, object?][] = [
    ['speech with DTX, loss and a gap', SPOKEN],
    ['the same, its gaps kept', SPOKEN, { gaps: 'keep', dtx: 'keep' }],
    ['10 ms of each sound', { ...NOISY, frameMs: 10 }],
    ['packets of 2.5 ms', { ...NOISY, frameMs: 2.5, application: 'lowdelay' }],
    ['packets of 60 ms', { ...SPOKEN, frameMs: 60 }],
    ['digital silence, whose packets are all alike', { ...NOISY, background: 0, impair: { loss: 0.02 } }],
    [
      'reordered and repeated packets',
      { ...NOISY, impair: { duplicate: 0.1, reorder: { probability: 0.1, withinMs: 60 } } },
    ],
    ['on the recording’s clock', SPOKEN, { align: 'recording' }],
    ['a sender that reconnects', { ...NOISY, impair: { ssrcChanges: [{ atMs: 3010 }, { atMs: 7777 }] } }],
    [
      'segments that overlap',
      {
        ...NOISY,
        segments: [
          { startMs: 0, durationMs: 5000 },
          { startMs: 4690, durationMs: 4000, restart: true },
        ],
      },
    ],
    [
      'a clock that stands still in a pause',
      {
        ...NOISY,
        segments: [{ startMs: 0, durationMs: 9000, pauses: [{ atMs: 4000, wallMs: 3000, rtpMs: 20 }] }],
      },
    ],
    [
      'packets that grow and shrink',
      {
        ...NOISY,
        segments: [
          {
            startMs: 0,
            durationMs: 4000,
            parts: [{ frameMs: 20, durationMs: 1000 }, { frameMs: 60, durationMs: 1200 }, { frameMs: 10 }],
          },
        ],
      },
    ],
    ['VP8 on the recording’s clock, black before it', video(), { align: 'recording' }],
    [
      'VP8 whose segments overlap',
      video({
        segments: [
          { startMs: 0, durationMs: 3000 },
          { startMs: 2500, durationMs: 2000, restart: true },
        ],
      }),
    ],
    ['VP8 with loss', video({ impair: { loss: 0.02 } })],
    [
      'H264 with black frames in a gap, so that parameter sets come again',
      video({
        codec: 'h264',
        segments: [
          { startMs: 400, durationMs: 3000 },
          { startMs: 5000, durationMs: 2000, width: 640, height: 360 },
          { startMs: 8000, durationMs: 1500 },
        ],
      }),
    ],
    ['VP9 whose sender reconnects', video({ codec: 'vp9', impair: { ssrcChanges: [{ atMs: 2000 }] } })],
    ['AV1', video({ codec: 'av1', segments: [{ startMs: 400, durationMs: 2000 }] })],
  ];
  for (const [name, track, request = {}] of sound) {
    test(name, async () => {
      await using made = await makeFile(await callOf(track), folder, request);
      expect((await verifyFile(made.expected())).mismatches).toEqual([]);
    });
  }

  test('audio and video together', async () => {
    await using made = await makeFile(await callOf(SPOKEN, video()), folder);
    expect(await whatIn(made, await readFile(made.path))).toMatchObject({ messages: [] });
  });
});

for (const [name, track] of [
  ['audio', NOISY],
  ['speech', SPOKEN],
  ['vp8', video()],
  ['h264', video({ codec: 'h264' })],
] as const) {
  describe(`damage to ${name} is named`, () => {
    let made: MadeFile;
    let file: Buffer;
    beforeAll(async () => {
      made = await makeFile(await callOf(track), folder);
      file = await readFile(made.path);
    });
    afterAll(() => made[Symbol.asyncDispose]());

    /** One in the middle that is of the source and not filler. */
    const someBlock = () => {
      const blocks = simpleBlocks(file).filter(({ size }) => (size ?? 0) > 20);
      return blocks[blocks.length >> 1] ?? expect.fail('no block');
    };

    test('sound before', async () => {
      expect(await whatIn(made, file)).toMatchObject({ messages: [] });
    });

    test('one frame dropped', async () => {
      const { what, messages } = await whatIn(made, dropBlock(file, someBlock()));
      expect(what).toContain('frames');
      expect(messages.join()).toMatch(/1 frame of \d+ missing, at \d/);
    });

    test('the first frame dropped', async () => {
      const [first] = simpleBlocks(file);
      expect((await whatIn(made, dropBlock(file, first ?? expect.fail()))).what).toContain('frames');
    });

    test('a cluster 50 ms late', async () => {
      const { what, messages } = await whatIn(made, shiftCluster(file, 1, 50));
      expect(what).toContain('time');
      expect(messages.join()).toMatch(/not where the source has them, the first by (49|50|51)\.\d ms/);
    });

    test('all of it 50 ms late', async () => {
      expect((await whatIn(made, shiftTrack(file, 1, 50))).what).toEqual(
        expect.arrayContaining(['time', 'duration']),
      );
    });

    test('all of it 50 ms early', async () => {
      expect((await whatIn(made, shiftTrack(file, 1, -50))).what).toContain('time');
    });

    test('the tail cut off', async () => {
      const { what, messages } = await whatIn(made, cutLastCluster(file));
      expect(what).toEqual(expect.arrayContaining(['container', 'frames', 'duration']));
      expect(messages.join()).toMatch(/the last \d+ of the source among them/);
    });

    test('the tail cut off so that the container agrees with itself', async () => {
      const { what } = await whatIn(made, cutLastClusterCleanly(file));
      expect(what).toEqual(expect.arrayContaining(['frames', 'duration']));
      expect(what).not.toContain('container');
    });

    test('a byte of a frame turned', async () => {
      const { what } = await whatIn(made, flipByte(file, payloadOf(someBlock()) + 12));
      expect(what).toContain('content');
      expect(what).not.toContain('frames');
    });

    test('no file at all', async () => {
      const { mismatches } = await verifyFile(made.expected(join(folder, 'nowhere.mkv')));
      expect(mismatches.map(({ what }) => what)).toEqual(['container', 'decode']);
    });

    test('no ffmpeg', async () => {
      const { mismatches } = await verifyFile(made.expected(), { ffmpegPath: '/nowhere/ffmpeg' });
      expect(mismatches).toEqual([
        { what: 'decode', message: 'not decoded: there is no ffmpeg at /nowhere/ffmpeg' },
      ]);
    });
  });
}

test('lips out of sync by 50 ms', async () => {
  await using made = await makeFile(await callOf(NOISY, video()), folder);
  const { what, messages } = await whatIn(made, shiftTrack(await readFile(made.path), 2, 50));
  expect(what).toEqual(expect.arrayContaining(['time', 'av-offset']));
  expect(messages.join()).toMatch(/tracks are (49|50|51)\.\d ms apart/);
});

test('a packet that may be left out is none that is missing', async () => {
  await using made = await makeFile(await callOf(NOISY), folder);
  const file = await readFile(made.path);
  const path = join(folder, `damaged-${++count}.mkv`);
  await writeFile(path, dropBlock(file, simpleBlocks(file)[100] ?? expect.fail()));
  const { tracks } = made.expected(path);
  const lenient = tracks.map((track) => ({ ...track, leftOutAllowed: 1 }));
  expect((await verifyFile({ path, tracks: lenient })).mismatches).toEqual([]);
});

test('an abort ends it with its reason', async () => {
  await using made = await makeFile(await callOf(NOISY), folder);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(verifyFile(made.expected(), { signal })).rejects.toThrow('enough');
});
