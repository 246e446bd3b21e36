import { basename, delimiter, dirname } from 'node:path';
import { PICTURE_ENCODERS, SOUND_ENCODERS } from '@rawreel/processor';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands.ts';
import { optionsOf } from '../src/declare/program.ts';
import { ffmpegUses } from '../src/doctor/ffmpeg-uses.ts';
import { noFfmpeg, rawreel, type Stage } from './fakes.ts';

const FFMPEG = {
  path: '/usr/bin/ffmpeg',
  version: '5.1.6',
  encoders: [...Object.values(SOUND_ENCODERS), ...Object.values(PICTURE_ENCODERS), 'prores_ks'],
};

async function checksOf(stage: Stage, ...args: string[]) {
  const { stdout, exitCode } = await rawreel(['doctor', '--json', ...args], stage);
  const told = JSON.parse(stdout) as {
    usable: boolean;
    checks: { name: string; state: string; found: string; advice?: string; fails?: string[] }[];
  };
  return { ...told, exitCode, check: (name: string) => told.checks.find((each) => each.name === name) };
}

describe('doctor', () => {
  it('a machine that has all of it is usable', async () => {
    const { usable, exitCode, checks, check } = await checksOf({ ffmpeg: FFMPEG });
    expect([usable, exitCode]).toEqual([true, 0]);
    expect(checks.map(({ name }) => name)).toEqual(['node', 'ffmpeg', 'names', 'room', 'terminal']);
    expect(check('ffmpeg')).toEqual({
      name: 'ffmpeg',
      state: 'ok',
      found: '5.1.6, /usr/bin/ffmpeg',
      fails: [],
    });
  });

  it('without ffmpeg it names every command that fails, what works instead, and how to get it', async () => {
    const { exitCode, check } = await checksOf({});
    expect(exitCode).toBe(0);
    expect(check('ffmpeg')).toMatchObject({ state: 'limited', found: 'not on the PATH' });
    expect(check('ffmpeg')?.advice?.split('\n')).toEqual([
      'fails: process-all, recording watch, recording download --process (libmp3lame; --no-mix needs no ffmpeg)',
      'fails: mix-audio (libmp3lame; --format wav needs no ffmpeg)',
      'fails: mix-audio --format m4a (aac)',
      'fails: mix-audio --format opus, mix-audio --format mkv --bitrate (libopus)',
      'fails: mix-audio --format flac, mix-audio --format mkv (flac)',
      'fails: transcription-kit, export --for transcription, export --for podcast --stems flac (flac)',
      'fails: export --for podcast (libmp3lame)',
      'fails: mux-av --container mp4 (--container mkv needs no ffmpeg)',
      'fails: process-all --verify',
      'fails: composite, process-all --composite, export --for editor (libx264)',
      'fails: composite --format webm (libvpx-vp9)',
      'fails: export --for editor --codec prores (prores_ks)',
      'cannot make black pictures for VP8 (libvpx), VP9 (libvpx-vp9), H264 (libx264), AV1 (libaom-av1): while a camera is off, its last picture stays',
      'On Debian or Ubuntu: apt-get install ffmpeg',
    ]);
    expect(check('ffmpeg')?.fails).toEqual(
      expect.arrayContaining(['process-all', 'transcription-kit', 'process-all --verify']),
    );
    const { stdout } = await rawreel(['doctor']);
    expect(stdout).toMatch(/^This machine can run rawreel, but some commands will fail\. \(rawreel \d/);
  });

  it('encoders of graphics chips are tried, with --verbose', async () => {
    const ffmpeg = { ...FFMPEG, encoders: [...FFMPEG.encoders, 'h264_nvenc', 'h264_qsv'] };
    const { check } = await checksOf({ ffmpeg }, '--verbose');
    expect(check('ffmpeg')?.advice?.split('\n').slice(-2)).toEqual([
      'works: composite --encoder h264_nvenc',
      'not on this machine: h264_qsv',
    ]);
    expect((await checksOf({ ffmpeg })).check('ffmpeg')?.advice).toBeUndefined();
  });

  it.each([
    [{ areDrawn: false, missingScripts: [] }, /@napi-rs\/canvas is not installed/],
    [{ areDrawn: true, missingScripts: ['Korean', 'Thai'] }, /boxes for Korean, Thai/],
  ])('names that cannot be drawn are told: %j', async (letters, says) => {
    const { check, usable } = await checksOf({ ffmpeg: FFMPEG, letters });
    expect([usable, check('names')]).toEqual([
      true,
      expect.objectContaining({ state: 'limited', found: expect.stringMatching(says) }),
    ]);
  });

  it('every command that it names is one, with options that it has', async () => {
    for (const { commands, otherwise = '' } of ffmpegUses({ SOUND_ENCODERS, PICTURE_ENCODERS })) {
      for (const line of commands) {
        const command = COMMANDS.find(({ name }) => line.split(' --')[0] === name);
        const flags = [...`${line} ${otherwise}`.matchAll(/--(?:no-)?(\w+)(?: (\w+))?/g)];
        for (const [, flag, value] of flags) {
          const option = command && optionsOf(command).find(({ name }) => name === flag);
          expect([line, flag, option?.name]).toEqual([line, flag, flag]);
          const choices = option?.kind === 'value' ? option.choices : [];
          if (value !== undefined) expect(choices).toContain(value);
        }
      }
    }
  });

  it.each([
    [
      'libmp3lame',
      ['process-all', 'recording watch', 'recording download --process', 'mix-audio', 'export --for podcast'],
    ],
    [
      'flac',
      [
        ...['mix-audio --format flac', 'mix-audio --format mkv', 'transcription-kit'],
        ...['export --for transcription', 'export --for podcast --stems flac'],
      ],
    ],
    ['prores_ks', ['export --for editor --codec prores']],
    ['aac', ['mix-audio --format m4a']],
    ['libopus', ['mix-audio --format opus', 'mix-audio --format mkv --bitrate']],
  ])('an ffmpeg without %s: %j fail', async (lacking, fails) => {
    const encoders = FFMPEG.encoders.filter((encoder) => encoder !== lacking);
    const { check } = await checksOf({ ffmpeg: { ...FFMPEG, encoders } });
    expect(check('ffmpeg')).toMatchObject({ state: 'limited', fails });
  });

  it('an ffmpeg without encoders of pictures names the codecs that get no black ones', async () => {
    const encoders = FFMPEG.encoders.filter((encoder) => !['libvpx-vp9', 'libx264'].includes(encoder));
    const { check } = await checksOf({ ffmpeg: { ...FFMPEG, encoders } });
    expect(check('ffmpeg')).toMatchObject({
      state: 'limited',
      fails: ['composite', 'process-all --composite', 'export --for editor', 'composite --format webm'],
    });
    expect(check('ffmpeg')?.advice?.split('\n').at(-1)).toBe(
      'cannot make black pictures for VP9 (libvpx-vp9), H264 (libx264): while a camera is off, its last picture stays',
    );
  });

  it('with --verbose also names what works', async () => {
    const { check } = await checksOf({ ffmpeg: FFMPEG }, '--verbose');
    expect(check('ffmpeg')?.advice).toContain('works: transcription-kit, export --for transcription,');
  });

  it.each([
    [noFfmpeg({ path: '/opt/ffmpeg' }), 'there is no ffmpeg at /opt/ffmpeg'],
    [
      noFfmpeg({ reason: 'failed', message: '/opt/ffmpeg crashes (SIGSEGV)' }),
      '/opt/ffmpeg crashes (SIGSEGV)',
    ],
    [noFfmpeg({ reason: 'silent', message: '/opt/ffmpeg does not answer' }), '/opt/ffmpeg does not answer'],
  ])('says what is wrong with what FFMPEG_PATH names: %j', async (ffmpeg, why) => {
    const { check } = await checksOf({ ffmpeg, env: { FFMPEG_PATH: '/opt/ffmpeg' } });
    expect(check('ffmpeg')?.found).toBe(`FFMPEG_PATH is /opt/ffmpeg: ${why}`);
    expect(check('ffmpeg')?.fails).toContain('process-all');
  });

  it.each([
    ['/home/alice/calls', false],
    ['/home/alice', true],
    ['/home/alice/.cache/calls', true],
    ['/home/alice/calls/.hidden', false],
    ['/home/alicia/calls', true],
    ['/srv/calls', true],
  ])('of a snap it says whether it sees outputs in %s', async (output, isHidden) => {
    const ffmpeg = { ...FFMPEG, path: '/snap/bin/ffmpeg' };
    const { check } = await checksOf({ ffmpeg, env: { HOME: '/home/alice' } }, '--output', output);
    expect(check('ffmpeg')?.fails?.includes('process-all')).toBe(isHidden);
    expect(check('ffmpeg')?.advice?.includes('This ffmpeg is a snap') ?? false).toBe(isHidden);
  });

  it('names the file behind a bare name', async () => {
    const { execPath } = process;
    const ffmpeg = { ...FFMPEG, path: basename(execPath) };
    const { check } = await checksOf({ ffmpeg, env: { PATH: `/no/such${delimiter}${dirname(execPath)}` } });
    expect(check('ffmpeg')?.found).toBe(`5.1.6, ${execPath}`);
  });

  it('looks at the ffmpeg that FFMPEG_PATH names, and says so when that is none', async () => {
    const { stdout, told } = await rawreel(['doctor'], { env: { FFMPEG_PATH: '/opt/nope' } });
    expect(told.ffmpegAsked).toBe('/opt/nope');
    expect(stdout).toContain('FFMPEG_PATH is /opt/nope');
  });

  it.each([
    ['20.20.2', 1],
    ['22.18.9', 1],
    ['22.19.0', 0],
    ['22.19.1', 0],
    ['23.0.0', 0],
    ['100.0.0-pre', 0],
  ])('Node %s: exit %i', async (nodeVersion, exitCode) => {
    expect((await checksOf({ nodeVersion, ffmpeg: FFMPEG })).exitCode).toBe(exitCode);
  });

  it('an old Node is named by every command before it can fail in other words', async () => {
    const { exitCode, stderr, told } = await rawreel(['list-tracks', '--input-file', 'a.zip'], {
      nodeVersion: '20.20.2',
    });
    expect([exitCode, told.opened]).toEqual([1, undefined]);
    expect(stderr).toMatch(
      /^rawreel: Node 22\.19 or later is required; this is 20\.20\.2\n {2}.*rawreel doctor/,
    );
  });

  it('room is looked for where outputs will go, or where their folder would be made', async () => {
    const { check } = await checksOf({ ffmpeg: FFMPEG }, '--output', `${import.meta.dirname}/not/yet`);
    expect(check('room')).toMatchObject({ found: expect.stringContaining(`in ${import.meta.dirname}`) });
    expect(check('room')?.state).not.toBe('missing');
  });

  it('a folder that takes no outputs is missing when it was asked for, a limit when it was only guessed', async () => {
    const file = import.meta.filename;
    const asked = await checksOf({ ffmpeg: FFMPEG }, '--output', `${file}/folder`);
    expect([asked.exitCode, asked.check('room')?.state]).toEqual([1, 'missing']);
    const guessed = await checksOf({ ffmpeg: FFMPEG, workingFolder: `${file}/folder` });
    expect([guessed.exitCode, guessed.check('room')?.state]).toEqual([0, 'limited']);
  });

  it('in words: the verdict first, one line per thing', async () => {
    const { stdout } = await rawreel(['doctor'], { ffmpeg: FFMPEG, stderrColumns: 80 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^This machine can run rawreel\. \(rawreel \d/);
    expect(lines[1]).toMatch(/^ {2}node +ok +24\.21\.0, needs 22\.19 or later$/);
    expect(lines.at(-1)).toContain('progress bars');
  });
});
