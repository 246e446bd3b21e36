import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VideoParameters } from '@rawreel/rtp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlackFrames } from '../../src/ffmpeg/black-frames.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-black-frames-'));
});
afterEach(() => rm(folder, { recursive: true }));

const NO_FFMPEG = '/nonexistent/ffmpeg';

const sized = (width: number, height: number): VideoParameters => ({
  codec: 'vp8',
  width,
  height,
  profile: 0,
  bitDepth: 8,
  chroma: '4:2:0',
});

describe('black frames of a run', () => {
  test('one size · encoded once, for whichever track or thread asks next', async () => {
    const made = await new BlackFrames(folder, undefined).of(sized(320, 180));
    expect(made).toBeInstanceOf(Uint8Array);
    expect(await new BlackFrames(folder, NO_FFMPEG).of(sized(320, 180))).toEqual(made);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test('more sizes than a recording has · ffmpeg is not asked any more', async () => {
    for (let number = 0; number < 24; number++) await writeFile(join(folder, `black-${number}`), '');
    expect(await new BlackFrames(folder, undefined).of(sized(320, 180))).toMatchObject({ isBounded: true });
    expect(await readdir(folder)).toHaveLength(24);
  });

  test('larger than 8K · not made', async () => {
    expect(await new BlackFrames(folder, undefined).of(sized(16_383, 16_383))).toEqual({
      reason: '16383×16383 is larger than black frames are made',
      isBounded: true,
    });
  });

  test('no ffmpeg · says so, and that another could', async () => {
    expect(await new BlackFrames(folder, NO_FFMPEG).of(sized(320, 180))).toEqual({
      reason: `there is no ffmpeg at ${NO_FFMPEG}`,
      isBounded: false,
    });
  });
});
