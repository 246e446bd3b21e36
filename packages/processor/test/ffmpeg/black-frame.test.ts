import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CODEC_IDS, FileSink, MatroskaWriter } from '@rawreel/matroska';
import type { VideoParameters } from '@rawreel/rtp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeBlackFrame } from '../../src/ffmpeg/black-frame.ts';
import { findFfmpeg, isOlderThan, lookForFfmpeg } from '../../src/ffmpeg/find-ffmpeg.ts';

const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-black-'));
});
afterAll(() => rm(folder, { recursive: true }));

const video = (codec: VideoParameters['codec'], more: Partial<VideoParameters> = {}): VideoParameters => ({
  codec,
  width: 320,
  height: 180,
  profile: 0,
  bitDepth: 8,
  chroma: '4:2:0',
  ...more,
});

describe('black frames', () => {
  test.each([
    ['vp8', video('vp8')],
    ['vp9', video('vp9')],
    ['vp9 profile 1', video('vp9', { profile: 1, chroma: '4:4:4' })],
    ['vp9 profile 2', video('vp9', { profile: 2, bitDepth: 10 })],
    ['h264 baseline', video('h264', { profile: 66 })],
    ['h264 high', video('h264', { profile: 100, width: 1280, height: 720 })],
    ['av1', video('av1')],
  ])('%s · ffmpeg decodes it to one black picture of the size asked for', async (_name, parameters) => {
    const bytes = await encodeBlackFrame(parameters, undefined);
    const path = join(folder, `${parameters.codec}-${parameters.profile}.mkv`);
    const sink = FileSink.open(path);
    const codecPrivate =
      parameters.codec === 'h264' ? { codecPrivate: Uint8Array.of(1, 66, 0, 30, 0xff, 0xe0, 0) } : {};
    const av1C = parameters.codec === 'av1' ? { codecPrivate: Uint8Array.of(0x81, 0, 0x0c, 0) } : {};
    const writer = new MatroskaWriter(sink, {
      docType: 'matroska',
      writingApp: 'test',
      tracks: [
        {
          kind: 'video',
          codecId: CODEC_IDS[parameters.codec],
          pixelWidth: parameters.width,
          pixelHeight: parameters.height,
          ...codecPrivate,
          ...av1C,
        },
      ],
    });
    await writer.addFrame(1, { timestampMs: 0, keyFrame: true, chunks: [bytes], durationMs: 40 });
    await writer.finish();
    sink.close();
    const { stdout, stderr } = await run(
      'ffmpeg',
      ['-v', 'error', '-i', path, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'],
      { encoding: 'buffer', maxBuffer: 1 << 24 },
    );
    expect(String(stderr)).toBe('');
    expect(stdout.length).toBe(parameters.width * parameters.height);
    expect(Math.max(...new Set(stdout))).toBeLessThan(20);
  });

  test('without ffmpeg · it fails, and finding one says there is none', async () => {
    const path = join(folder, 'no-such-ffmpeg');
    await expect(encodeBlackFrame(video('vp8'), path)).rejects.toThrow(/ffmpeg/i);
    expect(await findFfmpeg(path)).toBeUndefined();
  });

  test.each([
    ['is gone', undefined, 'missing', /^there is no ffmpeg at \/.*\/broken$/],
    [
      'may not be run',
      { text: '#!/bin/sh\n', mode: 0o644 },
      'not-executable',
      /broken cannot be run \(EACCES\)$/,
    ],
    ['ends with an error', { text: '#!/bin/sh\nexit 127\n' }, 'failed', /broken ends with exit code 127$/],
    ['crashes', { text: '#!/bin/sh\nkill -SEGV $$\n' }, 'failed', /broken crashes \(SIGSEGV\)$/],
    [
      'prints without end',
      { text: '#!/bin/sh\nexec cat /dev/zero\n' },
      'no-ffmpeg',
      /does not answer as ffmpeg/,
    ],
    [
      'is a release of long ago',
      { text: '#!/bin/sh\necho ffmpeg version 4.3.7-0+deb11u1 Copyright >&2\n' },
      'too-old',
      /broken is 4\.3\.7-0\+deb11u1, too old: 4\.4 or later is needed$/,
    ],
  ])('one that %s is no ffmpeg, and it says why', async (_, script, reason, message) => {
    const path = join(folder, 'broken');
    await rm(path, { force: true });
    if (script !== undefined)
      await writeFile(path, script.text, { mode: 'mode' in script ? script.mode : 0o755 });
    expect(await lookForFfmpeg(path)).toEqual({ path, reason, message: expect.stringMatching(message) });
  });

  test('one that never answers is ended with all that it has started, though it takes no request to end', async () => {
    const path = join(folder, 'endless');
    const started = join(folder, 'started');
    const script = `#!/bin/sh\ntrap '' TERM INT HUP\nsleep 600 &\necho $! >> ${started}\nwait\n`;
    await writeFile(path, script, { mode: 0o755 });
    const stop = new AbortController();
    const looked = lookForFfmpeg(path, stop.signal);
    const pids = async () => (await readFile(started, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    await expect.poll(pids).toHaveLength(1);
    stop.abort();
    expect(await looked).toMatchObject({ reason: 'silent' });
    const isThere = (pid: string) => existsSync(`/proc/${pid}/exe`);
    await expect.poll(async () => (await pids()).filter(isThere)).toEqual([]);
  });

  test.each([
    ['4.2.7-0ubuntu0.1', true],
    ['n4.3', true],
    ['4.4', false],
    ['4.10.1', false],
    ['5.1.9-0+deb12u1', false],
    ['n7.1', false],
    ['N-109542-g11d2d0c', false],
    ['2026-01-04-git-1ab9b5b', false],
  ])('%s is older than 4.4: %s', (version, isOlder) => {
    expect(isOlderThan(version, [4, 4])).toBe(isOlder);
  });

  test('what is found on the path tells its version and encoders; what is no ffmpeg is not taken for one', async () => {
    const found = await findFfmpeg();
    expect(found?.version).toMatch(/\d/);
    expect(found?.encoders).toEqual(expect.arrayContaining(['libvpx', 'libx264']));
    const impostor = join(folder, 'impostor');
    await writeFile(impostor, '#!/bin/sh\necho hello\n', { mode: 0o755 });
    expect(await findFfmpeg(impostor)).toBeUndefined();
    expect(await lookForFfmpeg(impostor)).toMatchObject({ reason: 'no-ffmpeg' });
  });
});
