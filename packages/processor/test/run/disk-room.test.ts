import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskFull } from '../../src/disk-full.ts';
import type { Plan, PlannedOutput } from '../../src/plan/plan.ts';
import { bytesNeeded, checkRoom, Reserve } from '../../src/run/disk-room.ts';

const MB = 1_000_000;

describe('room on the disk', () => {
  /** Ten and three hundred bytes of two users, heard for a minute and for two. */
  const PLAN = {
    tracks: [
      {
        userId: 'alice',
        segments: [{ dump: { size: 10 }, timing: { firstRtpUnixMs: 0, lastRtpUnixMs: 60_000 } }],
      },
      {
        userId: 'bob',
        segments: [
          { timing: {} },
          { dump: { size: 300 }, timing: { firstRtpUnixMs: 0, lastRtpUnixMs: 120_000 } },
        ],
      },
    ],
  } as unknown as Plan;
  const LOOK = { size: { width: 1280, height: 720 }, fps: 25 };

  test.each([
    ['a file of frames · its dumps', { kind: 'audio', track: 0 }, 10],
    ['an MP4 · its dumps twice', { kind: 'muxed', container: 'mp4', tracks: [1, 0] }, 2 * 310],
    [
      'an MP3 · 160 kbit/s of the time that is heard',
      { kind: 'mix', format: 'mp3', tracks: [0] },
      60 * 20_000,
    ],
    [
      'a WAV of a channel for each user · PCM of 48 kHz',
      { kind: 'mix', format: 'wav', layout: 'per-user', tracks: [0, 1] },
      120 * 2 * 96_000,
    ],
    ['a voice · FLAC of 16 kHz', { kind: 'voice', tracks: [1] }, 120 * 20_000],
    [
      'a stem · PCM or FLAC for as long as anybody is heard',
      { kind: 'stem', format: 'wav', tracks: [0] },
      120 * 2 * 96_000,
    ],
    [
      'a composite · its pictures and its sound, twice',
      { kind: 'composite', format: 'mp4', look: LOOK, tracks: [0, 1] },
      120 * 2 * (230_400 + 20_000),
    ],
    [
      'a proxy · the same',
      { kind: 'proxy', format: 'mp4', look: LOOK, tracks: [0, 1] },
      120 * 2 * (230_400 + 20_000),
    ],
    [
      'a proxy as ProRes · ten times the pictures, and PCM',
      { kind: 'proxy', format: 'mov', look: LOOK, tracks: [0, 1] },
      120 * 2 * (2_304_000 + 192_000),
    ],
    ['times that nobody knows · nothing', { kind: 'mix', format: 'mp3', tracks: [] }, 0],
  ])('what is needed of %s', (_, output, bytes) => {
    expect(bytesNeeded(PLAN, [output as unknown as PlannedOutput])).toBe(bytes);
  });

  test('enough, or a file system that does not count · nothing is said', async () => {
    expect(await checkRoom('out', 5 * MB, async () => 5 * MB)).toEqual([]);
    expect(await checkRoom('out', 5 * MB, async () => undefined)).toEqual([]);
  });

  test('less than will be needed · is told with both figures; less than half is an error', async () => {
    expect(await checkRoom('out', 5 * MB, async () => 4 * MB)).toEqual([
      {
        code: 'DISK_NEARLY_FULL',
        severity: 'notice',
        message: 'the files will need about 5.0 MB, and the disk of out has 4.0 MB left',
      },
    ]);
    await expect(checkRoom('out', 5 * MB, async () => 2 * MB)).rejects.toMatchObject({
      code: 'ERR_DISK_FULL',
      message: 'the files will need about 5.0 MB, and the disk of out has 2.0 MB left',
      hint: expect.stringContaining('--output'),
    });
  });
});

describe('a full disk', () => {
  test.each([
    [Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), '(ENOSPC)'],
    [
      new Error('a.mkv cannot be written', { cause: new Error('ENOSPC: no space left on device') }),
      '(ENOSPC)',
    ],
    [new Error('the encoder failed: av_interleaved_write_frame(): No space left on device'), '(ENOSPC)'],
    [new Error('EDQUOT: disk quota exceeded, write'), '(EDQUOT)'],
    [new Error('ffmpeg was killed with signal SIGXFSZ'), '(EFBIG)'],
  ])('said as %s · is one error that names it once', (cause, named) => {
    const { code, message } = diskFull(cause, 'a.mkv') ?? {};
    expect(code).toBe('ERR_DISK_FULL');
    expect(message?.split(named)).toHaveLength(2);
    expect(message).toMatch(/^a\.mkv: /);
  });

  test('anything else is not', () => {
    expect(diskFull(new Error('EIO: i/o error, write'), 'a.mkv')).toBeUndefined();
    expect(diskFull('ENOSPC', 'a.mkv')).toBeUndefined();
  });
});

describe('the reserve', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rawreel-reserve-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('keeps room for an entry of each file, and gives it back', async () => {
    const reserve = new Reserve(folder, folder, 100);
    const [name = ''] = await readdir(folder);
    expect((await stat(join(folder, name))).size).toBeGreaterThan(100 * 4000);
    reserve.release();
    expect(await readdir(folder)).toEqual([]);
  });
});
