import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRecording } from './small-recording.ts';

/** The program itself, in a process of its own, with the real packages. */
const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-cli-'));
  writeRecording(join(folder, 'call'), [
    { user: 'alice', trackId: 't-alice', packets: 100 },
    { user: "o'neil & co", trackId: 't-oneil', packets: 150 },
  ]);
  writeRecording(join(folder, 'cut'), [
    { user: 'alice', trackId: 't-alice', packets: 100 },
    { user: 'bob', trackId: 't-bob', packets: 100, cut: 5 },
  ]);
  writeRecording(
    join(folder, 'many'),
    Array.from({ length: 80 }, (_, index) => ({
      user: `user-${index}`,
      trackId: `t-${index}`,
      packets: 4000,
    })),
  );
  writeFileSync(join(folder, 'page.zip'), '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param onStderr sees the process when it first says something there */
function start(
  command: string,
  args: readonly string[],
  onStderr: (child: ChildProcess) => void = () => undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (ended.stderr === '') onStderr(child);
      ended.stderr += text;
    });
    child.on('close', (exitCode) => resolve({ exitCode, ...ended }));
  });
}

const rawreel = (...args: string[]) => start(process.execPath, [MAIN, ...args]);
const shell = (script: string) =>
  start('bash', ['-o', 'pipefail', '-c', `rawreel() { '${process.execPath}' '${MAIN}' "$@"; }\n${script}`]);

const filesIn = (name: string) => readdirSync(join(folder, name)).sort();
const manifestOf = (name: string): { files: { path: string; userId: string }[] } =>
  JSON.parse(readFileSync(join(folder, name, 'manifest.json'), 'utf8'));

describe('the program', () => {
  it('lists what is in a recording', async () => {
    const { exitCode, stdout, stderr } = await rawreel(
      'list-tracks',
      '--input-dir',
      'call',
      '--format',
      'json',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const listing = JSON.parse(stdout);
    expect(listing.userIds).toEqual(['alice', "o'neil & co"]);
    expect(listing.tracks[0]).toMatchObject({ trackId: 't-alice', segmentCount: 1, codec: 'audio/opus' });
  });

  it('writes a file per track, and one run for each user adds up to the same', async () => {
    const all = await rawreel('extract-audio', '--input-dir', 'call', '--output', 'all');
    expect(all.exitCode).toBe(0);
    expect(all.stdout).toMatch(/^2 files in all\/ /);
    const loop = await shell(`
      rawreel list-tracks --input-dir call --format users |
      while IFS= read -r user; do
        rawreel extract-audio --input-dir call --output loop --user-id "$user" --quiet || exit
      done`);
    expect(loop).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(filesIn('loop')).toEqual(filesIn('all'));
    expect(filesIn('all')).toHaveLength(3);
    expect(
      manifestOf('loop')
        .files.map(({ userId }) => userId)
        .sort(),
    ).toEqual(['alice', "o'neil & co"]);
  });

  it('reports as JSON what is on the disk', async () => {
    const args = ['--input-dir', 'call', '--output', 'json', '--user-id', 'alice', '--json'];
    const { exitCode, stdout, stderr } = await rawreel('extract-audio', ...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [file] = JSON.parse(stdout).files;
    expect(file).toMatchObject({ userId: 'alice', durationMs: 2000, codec: 'opus' });
    expect(readFileSync(join(folder, 'json', file.path)).byteLength).toBe(file.byteLength);
  });

  it('of a damaged recording makes what there is, and says 3 unless that is accepted', async () => {
    const cut = ['--input-dir', 'cut', '--output', 'cut-out'];
    const { exitCode, stdout } = await rawreel('extract-audio', ...cut);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      /^2 files .* the archive is damaged and 1 of them is not whole \(exit 3\)\n {2}bob {2}audio /,
    );
    expect((await rawreel('extract-audio', ...cut, '--accept-damage')).exitCode).toBe(0);
    expect((await rawreel('extract-audio', ...cut, '--user-id', 'alice')).exitCode).toBe(0);
  });

  it('several, in a folder, at a time · an interrupt cleans up all, and files that are whole stay', async () => {
    mkdirSync(join(folder, 'my calls'));
    for (const name of ['one.tar', "it's.tar", 'two .tar'])
      execFileSync('tar', ['-cf', join(folder, 'my calls', name), '-C', join(folder, 'many'), '.']);
    const args = ['extract-audio', 'my calls', '--output', 'three', '--jobs', '2', '--workers', '1'];
    const ended = await start(process.execPath, [MAIN, ...args], (child) => {
      const whole = setInterval(() => {
        if (!existsSync(join(folder, 'three', 'one', 'manifest.json'))) return;
        clearInterval(whole);
        child.kill('SIGINT');
      }, 5);
      child.on('close', () => clearInterval(whole));
    });
    expect(ended.exitCode).toBe(130);
    expect(ended.stderr).toContain('my calls is a folder with 3 archives in it\n');
    expect(ended.stderr).toContain('rawreel: interrupted (SIGINT)');
    expect(ended.stdout).toMatch(/^3 recordings in three\/ .*not done\n/);
    expect(filesIn('three')).not.toEqual([]);
    for (const name of filesIn('three')) {
      const finished = manifestOf(join('three', name)).files.map(({ path }) => path);
      expect(filesIn(join('three', name))).toEqual([...finished, 'manifest.json'].sort());
    }
  });

  it('a folder with one archive names it', async () => {
    mkdirSync(join(folder, 'inbox'), { recursive: true });
    writeFileSync(join(folder, 'inbox', 'call 1.zip'), 'no archive');
    const { stderr } = await rawreel('list-tracks', '--input-dir', 'inbox', '--format', 'users');
    expect(stderr).toContain(
      "\n  Use the archive: rawreel list-tracks --input-file 'inbox/call 1.zip' --format users\n",
    );
  });

  it('a user whom the system does not know, without a home, can do all that needs none', async () => {
    // As in a container that is run with a number for a user.
    writeFileSync(
      join(folder, 'nobody.mjs'),
      `import os from 'node:os';
       import { syncBuiltinESMExports } from 'node:module';
       os.userInfo = os.homedir = () => { throw new Error('uv_os_homedir returned ENOENT'); };
       syncBuiltinESMExports();`,
    );
    for (const command of [
      '--help',
      'doctor --json',
      'list-tracks --input-dir call',
      'extract-audio --input-dir call --output nobody-out',
      'cache list --cache-dir nobody-cache',
    ]) {
      const { exitCode, stdout, stderr } = await shell(
        `env -i PATH="$PATH" '${process.execPath}' --import ./nobody.mjs '${MAIN}' ${command}`,
      );
      expect([command, exitCode, stderr.includes('rawreel:')]).toEqual([command, 0, false]);
      expect(stdout).not.toBe('');
    }
  });

  it('what cannot be is exit 1 with advice, and leaves no folder behind', async () => {
    const cases = [
      ['--input-file', 'page.zip'],
      ['--input-file', 'no-such.zip'],
      ['--input-dir', 'call', '--user-id', 'alcie'],
    ];
    for (const args of cases) {
      const { exitCode, stdout, stderr } = await rawreel('extract-audio', ...args, '--output', 'none');
      expect([exitCode, stdout, existsSync(join(folder, 'none'))]).toEqual([1, '', false]);
      expect(stderr).toMatch(/^rawreel: [^\n]+\n {2}\S/);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    expect((await rawreel('extract-video', '--input-dir', 'call', '--output', 'none')).exitCode).toBe(1);
  });

  it('an interrupt leaves whole files, their manifest, and nothing else', async () => {
    const args = ['extract-audio', '--input-dir', 'many', '--output', 'stopped', '--workers', '1'];
    const ended = await start(process.execPath, [MAIN, ...args], (child) => child.kill('SIGINT'));
    expect([ended.exitCode, ended.stdout]).toEqual([130, '']);
    expect(ended.stderr).toContain('rawreel: interrupted (SIGINT)');
    const left = filesIn('stopped');
    const finished = manifestOf('stopped').files.map(({ path }) => path);
    expect(left).toEqual([...finished, 'manifest.json'].sort());
    expect(finished.length).toBeLessThan(80);
  });

  it('a terminal that closes leaves whole files, their manifest, and nothing else, however often it says so', async () => {
    const args = ['extract-audio', '--input-dir', 'many', '--output', 'hung-up', '--workers', '1'];
    const ended = await start(process.execPath, [MAIN, ...args], (child) => {
      child.kill('SIGHUP');
      child.kill('SIGHUP');
    });
    expect([ended.exitCode, ended.stdout]).toEqual([129, '']);
    expect(ended.stderr).toContain('rawreel: interrupted (SIGHUP); unfinished files were removed\n');
    const finished = manifestOf('hung-up').files.map(({ path }) => path);
    expect(filesIn('hung-up')).toEqual([...finished, 'manifest.json'].sort());
    expect(finished.length).toBeLessThan(80);
  });

  describe('what cannot be printed', () => {
    const UNWRITTEN = /^rawreel: cannot write to standard output: ENOSPC.*\n {2}Send the output elsewhere/gm;
    it.each([
      ['--help', 1],
      ['--version', 1],
      ['completion bash', 1],
      ['doctor --json', 1],
      ['list-tracks --input-dir call', 1],
      ['list-tracks --input-dir cut --format json', 1],
      ['list-tracks --json', 2],
      ['extract-audio --no-such-option --json', 2],
    ])('%s > /dev/full: one sentence, exit %i', async (command, exitCode) => {
      const ended = await shell(`rawreel ${command} > /dev/full`);
      expect(ended.exitCode).toBe(exitCode);
      expect(ended.stderr.match(UNWRITTEN)).toHaveLength(1);
      expect(ended.stderr).not.toMatch(/\n\s+at /);
    });

    it('does not keep files from being made, and leaves nothing unfinished', async () => {
      const ended = await shell('rawreel extract-audio --input-dir call --output full --json > /dev/full');
      expect(ended.exitCode).toBe(1);
      expect(ended.stderr.match(UNWRITTEN)).toHaveLength(1);
      expect(filesIn('full')).toEqual([...manifestOf('full').files.map(({ path }) => path), 'manifest.json']);
    });

    it('is no success where a disk was full in the middle of it', async () => {
      const ended = await shell('ulimit -f 1; rawreel list-tracks --input-dir many --format json > cut.json');
      expect(ended.exitCode).toBe(1);
      expect(ended.stderr).toMatch(/^rawreel: cannot write to standard output: EFBIG/);
    });

    it('of notices and progress is missed by nobody', async () => {
      const ended = await shell('rawreel extract-audio --input-dir call --output unsaid 2> /dev/full');
      expect([ended.exitCode, filesIn('unsaid').length]).toEqual([0, 3]);
    });
  });

  describe('a user without a home, as in a container', () => {
    /** As the system answers for a number that is nobody's. */
    const NO_HOME = `data:text/javascript,${encodeURIComponent(`
      import os from 'node:os';
      import { syncBuiltinESMExports } from 'node:module';
      os.homedir = () => { throw new Error('uv_os_homedir returned ENOENT'); };
      os.userInfo = os.homedir;
      syncBuiltinESMExports();
    `)}`;
    const { HOME: _, XDG_CACHE_HOME: __, ...homeless } = process.env;
    const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
    let origin = '';
    let server: Server;
    beforeAll(async () => {
      const call = readFileSync(join(import.meta.dirname, '../../../test/samples/chromium-call.zip'));
      server = createServer((_, response) => response.end(call));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => server.close());

    it.each([
      ['unknown to the system', ['--import', NO_HOME], {}],
      ['empty', [], { HOME: '' }],
      ['not a folder', [], { HOME: '/dev/null' }],
    ])('%s · reads files, links and buckets, and keeps nothing', async (_, options, env) => {
      const run = (...args: string[]) =>
        start(process.execPath, [...options, MAIN, ...args], undefined, { ...homeless, ...keys, ...env });
      const list = (...input: string[]) => run('list-tracks', '--format', 'users', '--quiet', ...input);
      const wanda = { exitCode: 0, stdout: 'wanda\n', stderr: '' };
      expect(await list('--input-s3', `${origin}/call.zip`)).toEqual(wanda);
      expect(await list('--input-s3', 's3://calls/call.zip', '--s3-endpoint', origin)).toEqual(wanda);
      expect((await run('list-tracks', '--input-dir', 'call', '--quiet')).exitCode).toBe(0);
      const cache = await run('cache', 'list');
      expect([cache.exitCode, cache.stdout]).toEqual([1, '']);
      expect(cache.stderr).toMatch(
        /^rawreel: (no cache folder: this user has no home folder|[^\n]* cannot be used as cache)/,
      );
    });
  });

  it('a reader that has seen enough is no error', async () => {
    const command = 'rawreel list-tracks --input-dir many --format json';
    // The reader is gone long before the first byte comes.
    const { exitCode, stderr } = await shell(`${command} | true; exit "\${PIPESTATUS[0]}"`);
    expect([exitCode, stderr]).toEqual([0, '']);
    const progress = await shell(`rawreel extract-audio --input-dir call --output piped 2>&1 | head -1`);
    expect([progress.exitCode, progress.stdout.split('\n').length]).toEqual([0, 2]);
    expect(filesIn('piped')).toHaveLength(3);
  });
});
