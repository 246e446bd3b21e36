import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Said, temporaryFolder } from '../src/rawreel.ts';
import { ROOT } from '../src/readme-examples.ts';

const run = promisify(execFile);
const SAMPLE = join(ROOT, 'test', 'samples', 'chromium-call.zip');
const { platform, arch } = process;
const PROGRAM = join(ROOT, 'dist-single', `rawreel-${platform}-${arch}${platform === 'win32' ? '.exe' : ''}`);

beforeAll(() => {
  if (!existsSync(PROGRAM)) throw new Error('There is no such program yet. Run: npm run single-file');
});

async function scratch(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder.path;
}

/** Of the machine it has ffmpeg, and neither Node nor npm. */
const environment = (home: string) => ({
  PATH: '/usr/bin:/bin',
  HOME: home,
  TMPDIR: join(home, 'tmp'),
  FFMPEG_PATH: process.env['FFMPEG_PATH'],
});

test('one file makes everything of a recording, in its threads, and unpacks itself once', async () => {
  const home = await scratch();
  mkdirSync(join(home, 'tmp'));
  const env = environment(home);
  const args = [
    'process-all',
    '--input-file',
    SAMPLE,
    '--output',
    join(home, 'out'),
    '--json',
    '--workers',
    '2',
  ];
  const first = await run(PROGRAM, args, { env });
  const again = await run(PROGRAM, [...args, '--force'], { env });
  const [made, madeAgain] = [first, again].map(({ stdout }) => (JSON.parse(stdout) as Said).files ?? []);
  expect(made?.map(({ kind }) => kind)).toEqual(['audio', 'video', 'muxed', 'mix']);
  expect(madeAgain?.map(({ sha256 }) => sha256)).toEqual(made?.map(({ sha256 }) => sha256));
  expect(readdirSync(join(home, '.cache', 'rawreel'))).toEqual([expect.stringMatching(/^program-/)]);
});

test('one that begins while another unpacks itself gets the same program', async () => {
  const home = await scratch();
  mkdirSync(join(home, 'tmp'));
  const args = ['list-tracks', '--input-file', SAMPLE, '--format', 'users'];
  const together = Array.from({ length: 3 }, () => run(PROGRAM, args, { env: environment(home) }));
  expect((await Promise.all(together)).map(({ stdout }) => stdout)).toEqual([
    'wanda\n',
    'wanda\n',
    'wanda\n',
  ]);
  expect(readdirSync(join(home, '.cache', 'rawreel'))).toHaveLength(1);
});

test('without a home it unpacks itself for the length of the run', async () => {
  const home = await scratch();
  mkdirSync(join(home, 'tmp'));
  const env = { ...environment(home), HOME: '/dev/null' };
  const { stdout } = await run(PROGRAM, ['list-tracks', '--input-file', SAMPLE, '--format', 'users'], {
    env,
  });
  expect(stdout).toBe('wanda\n');
  expect(readdirSync(join(home, 'tmp'))).toEqual([]);
});
