import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlannedOutput } from '../../src/plan/plan.ts';
import { lackingFfmpeg } from '../../src/run/lacking-ffmpeg.ts';

let folder = '';
/** Answers as an ffmpeg with two encoders does. */
let small = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-lacking-'));
  small = join(folder, 'ffmpeg');
  const list = ' A....D aac  AAC\n V....D libvpx-vp9  VP9';
  writeFileSync(small, `#!/bin/sh\necho 'ffmpeg version 7.1' >&2\necho '${list}'\n`);
  chmodSync(small, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NONE = '/nonexistent/ffmpeg';

const found = async (output: object, ffmpegPath: string) => {
  const planned = { file: 'a', tracks: [], ...output } as unknown as PlannedOutput;
  const error = (await lackingFfmpeg([planned], ffmpegPath)).get(planned);
  return error && [error.code, error.message, error.hint];
};

describe('an output that needs an ffmpeg that is not there', () => {
  test.each([
    [
      { kind: 'mix', format: 'mp3' },
      'a mix as mp3 needs',
      'Install ffmpeg, or choose --format wav, which needs none.',
    ],
    [
      { kind: 'muxed', container: 'mp4' },
      'MP4 needs',
      'Install ffmpeg, or choose --container mkv, which needs none.',
    ],
    [
      { kind: 'voice' },
      'a voice as FLAC needs',
      'Install ffmpeg, or extract the sound as it is, which needs none: rawreel extract-audio.',
    ],
    [
      { kind: 'composite', format: 'mp4' },
      'a composite as mp4 needs',
      'Install ffmpeg, or make only the scenes, which need none: rawreel composite --no-film.',
    ],
    [
      { kind: 'mix', format: 'mp3', chapters: { names: {} } },
      'a mix as mp3 needs',
      'Install ffmpeg, or make a mix as WAV, which needs none: rawreel mix-audio --format wav.',
    ],
    [
      { kind: 'stem', format: 'flac' },
      'a stem as FLAC needs',
      'Install ffmpeg, or choose --stems wav, which needs none.',
    ],
    [
      { kind: 'proxy', format: 'mp4' },
      'a proxy as mp4 needs',
      'Install ffmpeg, or extract the pictures as they are, which needs none: rawreel extract-video.',
    ],
  ])('%j · says what can be had instead', async (output, needs, hint) => {
    const message = `${needs} ffmpeg, and there is no ffmpeg at ${NONE}`;
    expect(await found(output, NONE)).toEqual(['ERR_NO_FFMPEG', message, hint]);
  });

  test.each([
    { kind: 'audio' },
    { kind: 'video' },
    { kind: 'muxed', container: 'mkv' },
    { kind: 'mix', format: 'wav' },
    { kind: 'turns', format: 'json' },
    { kind: 'scenes' },
  ])('%j · needs none', async (output) => {
    expect(await found(output, NONE)).toBeUndefined();
  });
});

describe('an output whose encoder an ffmpeg does not have', () => {
  test('a composite · another format or encoder is advised', async () => {
    expect(await found({ kind: 'composite', format: 'mp4' }, small)).toEqual([
      'ERR_NO_FFMPEG',
      `a composite as mp4 needs the encoder libx264, and ${small} 7.1 does not have it`,
      'Install an ffmpeg with libx264, or choose another --format or --encoder.',
    ]);
  });

  test('a mix · the format without any', async () => {
    const [, message, hint] = (await found({ kind: 'mix', format: 'mp3' }, small)) ?? [];
    expect(message).toContain('needs the encoder libmp3lame');
    expect(hint).toBe('Install an ffmpeg with libmp3lame, or choose --format wav, which needs none.');
  });

  test.each([
    [{ kind: 'proxy', format: 'mp4' }, 'a proxy as mp4 needs the encoder libx264'],
    [{ kind: 'proxy', format: 'mov' }, 'a proxy as mov needs the encoder prores_ks'],
    [{ kind: 'stem', format: 'flac' }, 'a stem as FLAC needs the encoder flac'],
    [{ kind: 'voice' }, 'a voice as FLAC needs the encoder flac'],
  ])('%j · is named', async (output, needs) => {
    const [code, message] = (await found(output, small)) ?? [];
    expect([code, message]).toEqual(['ERR_NO_FFMPEG', `${needs}, and ${small} 7.1 does not have it`]);
  });

  test('those that it has are enough', async () => {
    expect(await found({ kind: 'mix', format: 'm4a' }, small)).toBeUndefined();
    expect(await found({ kind: 'muxed', container: 'mp4' }, small)).toBeUndefined();
  });
});
