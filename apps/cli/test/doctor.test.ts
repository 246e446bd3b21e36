import { basename, delimiter, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawreel, type Stage } from './fakes.ts';

const FFMPEG = {
  path: '/usr/bin/ffmpeg',
  version: '5.1.6',
  encoders: ['libvpx', 'libvpx-vp9', 'libx264', 'libaom-av1', 'libmp3lame'],
};

async function checksOf(stage: Stage, ...args: string[]) {
  const { stdout, exitCode } = await rawreel(['doctor', '--json', ...args], stage);
  const told = JSON.parse(stdout) as {
    usable: boolean;
    checks: { name: string; state: string; found: string; advice?: string }[];
  };
  return { ...told, exitCode, check: (name: string) => told.checks.find((each) => each.name === name) };
}

describe('doctor', () => {
  it('a machine that has all of it is usable', async () => {
    const { usable, exitCode, checks, check } = await checksOf({ ffmpeg: FFMPEG });
    expect([usable, exitCode]).toEqual([true, 0]);
    expect(checks.map(({ name }) => name)).toEqual(['node', 'ffmpeg', 'room', 'terminal']);
    expect(check('ffmpeg')).toEqual({ name: 'ffmpeg', state: 'ok', found: '5.1.6, /usr/bin/ffmpeg' });
  });

  it('without ffmpeg all but black filler works, and it says how to get it', async () => {
    const { exitCode, check } = await checksOf({});
    expect(exitCode).toBe(0);
    expect(check('ffmpeg')).toMatchObject({
      state: 'limited',
      advice: expect.stringMatching(/black filler.*apt-get/),
    });
  });

  it('an ffmpeg without encoders names the codecs that get no filler; either AV1 encoder will do', async () => {
    const { check } = await checksOf({ ffmpeg: { ...FFMPEG, encoders: ['libvpx', 'libsvtav1'] } });
    expect(check('ffmpeg')?.advice).toBe(
      'No black filler for VP9 (libvpx-vp9), H264 (libx264): no such encoder in it.',
    );
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
    expect(stdout).toContain('FFMPEG_PATH names /opt/nope');
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
      /^rawreel: Node 22\.19 or later is needed, and this is 20\.20\.2\n {2}.*rawreel doctor/,
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
