import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AudioTrackSpec, generateCall, type VideoTrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareFile, verifyFile } from '../../src/verify/verify-file.ts';
import { flipByte, unsizeClusters } from './support/damage.ts';
import { type MadeFile, makeFile } from './support/make-file.ts';

const run = promisify(execFile);

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

const AUDIO: AudioTrackSpec = {
  kind: 'audio',
  background: 0.1,
  segments: [{ startMs: 0, durationMs: 7000 }],
};

const VIDEO: VideoTrackSpec = {
  kind: 'video',
  codec: 'h264',
  width: 320,
  height: 240,
  keyFrameEveryMs: 2000,
  segments: [{ startMs: 0, durationMs: 5000 }],
};

const made = async (track: AudioTrackSpec | VideoTrackSpec) =>
  await makeFile(
    await generateCall({ seed: 3, users: [{ id: 'alice', sessions: [{ tracks: [track] }] }] }),
    folder,
  );

/** The file's packets in a container that ffmpeg writes. */
async function remux({ path }: MadeFile, ending: string, ...options: string[]): Promise<string> {
  const to = join(folder, `other-${++count}.${ending}`);
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, '-c', 'copy', ...options, to]);
  return to;
}

async function whatIn({ expected }: MadeFile, path: string): Promise<string[]> {
  return [...new Set((await verifyFile(expected(path))).mismatches.map(({ what }) => what))];
}

describe('files that others wrote are read too', () => {
  for (const track of [AUDIO, VIDEO]) {
    test(`${track.kind} · Matroska of ffmpeg`, async () => {
      await using file = await made(track);
      expect((await verifyFile(file.expected(await remux(file, 'mkv')))).mismatches).toEqual([]);
    });

    test(`${track.kind} · a live stream, whose Segment and Clusters have no size`, async () => {
      await using file = await made(track);
      const live = await remux(file, 'mkv', '-live', '1', '-write_crc32', '0');
      expect((await verifyFile(file.expected(live))).mismatches).toEqual([]);
    });

    test(`${track.kind} · Clusters of unknown size between Cues and Duration`, async () => {
      await using file = await made(track);
      const path = join(folder, `other-${++count}.mkv`);
      await writeFile(path, unsizeClusters(await readFile(file.path)));
      expect((await compareFile(file.expected(path))).mismatches).toEqual([]);
    });

    test(`${track.kind} · MP4`, async () => {
      await using file = await made(track);
      expect((await verifyFile(file.expected(await remux(file, 'mp4')))).mismatches).toEqual([]);
    });

    test(`${track.kind} · MP4 with chapters, which are a track of text among the others`, async () => {
      await using file = await made(track);
      const chapters = join(folder, `${++count}.chapters`);
      const lines = [0, 2000].map(
        (ms) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${ms}\nEND=${ms + 2000}\ntitle=a\n`,
      );
      await writeFile(chapters, `;FFMETADATA1\n${lines.join('')}`);
      const told = join(folder, `${count}.mp4`);
      await run('ffmpeg', ['-v', 'error', '-i', file.path, '-i', chapters, '-map', '0', '-c', 'copy', told]);
      expect((await verifyFile(file.expected(told))).mismatches).toEqual([]);
      expect(await whatIn(file, await remux({ ...file, path: told }, 'mp4', '-ss', '1'))).not.toEqual([]);
    });

    test(`${track.kind} · MP4 without its first second`, async () => {
      await using file = await made(track);
      const what = await whatIn(file, await remux(file, 'mp4', '-ss', '1'));
      expect(what).toContain(track.kind === 'audio' ? 'frames' : 'time');
    });

    test(`${track.kind} · MP4 with a frame of other bytes`, async () => {
      await using file = await made(track);
      const path = await remux(file, 'mp4');
      const bytes = await readFile(path);
      const middle = bytes.indexOf('mdat') + (track.kind === 'audio' ? 20_000 : 60_000);
      await writeFile(path, flipByte(bytes, middle));
      expect(await whatIn(file, path)).toContain('content');
    });

    test(`${track.kind} · MP4 that is cut`, async () => {
      await using file = await made(track);
      const path = await remux(file, 'mp4', '-movflags', 'faststart');
      const bytes = await readFile(path);
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.7)));
      expect(await whatIn(file, path)).toEqual(expect.arrayContaining(['frames', 'duration', 'decode']));
    });
  }

  test('no ffprobe', async () => {
    await using file = await made(AUDIO);
    const path = await remux(file, 'mp4');
    const [mismatch] = (await verifyFile(file.expected(path), { ffmpegPath: '/nowhere/ffmpeg' })).mismatches;
    expect(mismatch).toEqual({
      what: 'container',
      message: 'there is no ffprobe at /nowhere/ffprobe to read it',
    });
  });
});

describe('an encoder’s work has no frames to compare', () => {
  for (const ending of ['mp3', 'm4a', 'wav', 'webm']) {
    test(`${ending} · its length counts`, async () => {
      await using file = await made(AUDIO);
      const path = join(folder, `other-${++count}.${ending}`);
      await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', file.path, path]);
      const tracks = [{ kind: 'audio' }] as const;
      expect((await verifyFile({ path, tracks, encodedMs: 7000 })).mismatches).toEqual([]);
      const { mismatches: shorter } = await verifyFile({ path, tracks, encodedMs: 7200 });
      expect(shorter.map(({ what }) => what)).toEqual(['duration', 'decode']);
    });
  }
});
