import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Said } from '../src/rawreel.ts';
import { compileExamples, PAGES_WITH_EXAMPLES, ROOT } from '../src/readme-examples.ts';

const run = promisify(execFile);
const SAMPLE = join(ROOT, 'test', 'samples', 'chromium-call.zip');
const TARBALLS = join(ROOT, 'dist-packages');
const OLDEST_NODE = '22.19.0';
/** What the `node` package of npm would fetch. */
const NODE_PACKAGE = `node-${process.platform === 'darwin' ? 'bin-' : ''}${process.platform}-${process.arch}`;

let scratch = '';
beforeAll(() => {
  if (!existsSync(TARBALLS)) throw new Error('There is nothing to install yet. Run: npm run pack');
  scratch = mkdtempSync(join(tmpdir(), 'rawreel-install-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder that knows nothing of the repository, with what npm installs there. */
async function install(name: string, what: readonly string[]): Promise<string> {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  await run('npm', ['install', ...quietly, ...what], { cwd: folder });
  return folder;
}

const tarballsOf = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => globSync(join(TARBALLS, `${name}-[0-9]*.tgz`)));

/** What an install costs: packages, and MB of their files. */
function costOf(folder: string): { readonly packages: number; readonly megabytes: number } {
  const modules = join(folder, 'node_modules');
  const files = globSync('**/*', { cwd: modules }).map((path) => statSync(join(modules, path)));
  const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  const manifests = globSync('**/node_modules/{*,@*/*}/package.json', { cwd: folder });
  return { packages: manifests.length, megabytes: Math.round(bytes / 1e5) / 10 };
}

/** It is npm that takes so long, and the network. */
const TIMEOUT = 300_000;

describe('rawreel alone', { timeout: TIMEOUT }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await install('alone', tarballsOf('rawreel'));
  });

  it('is one package of less than 6 MB', () => {
    const cost = costOf(folder);
    expect(cost.packages).toBe(1);
    expect(cost.megabytes).toBeLessThan(6);
  });

  it('makes everything of a recording, the same files on the oldest Node as on ours', async () => {
    const old = await install('node', [`${NODE_PACKAGE}@${OLDEST_NODE}`]);
    const [oldNode = ''] = globSync(join(old, 'node_modules/node-*/bin/node'));
    const program = join(folder, 'node_modules', 'rawreel', 'bin', 'rawreel.js');
    // In threads, which the sample alone would not be worth.
    const processAll = ['process-all', '--input-file', SAMPLE, '--workers', '2', '--json', '--output'];
    const ours = await run('npx', ['rawreel', ...processAll, 'ours'], { cwd: folder });
    const theirs = await run(oldNode, [program, ...processAll, 'theirs'], { cwd: folder });
    expect((await run(oldNode, ['--version'])).stdout.trim()).toBe(`v${OLDEST_NODE}`);
    const [made, again] = [ours, theirs].map(({ stdout }) => (JSON.parse(stdout) as Said).files ?? []);
    expect(made?.map(({ kind }) => kind)).toEqual(['audio', 'video', 'muxed', 'mix']);
    expect(again?.map(({ sha256 }) => sha256)).toEqual(made?.map(({ sha256 }) => sha256));
  });

  it('opens buckets as it is installed', async () => {
    const env = { ...process.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' };
    const keys = {
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      RAWREEL_CACHE: join(scratch, 'cache'),
    };
    const args = [
      'rawreel',
      'process-all',
      '--input-file',
      SAMPLE,
      '--output',
      's3://b/p',
      '--no-mix',
      '--json',
    ];
    const failed = run('npx', args, { cwd: folder, env: { ...env, ...keys } });
    await expect(failed).rejects.toMatchObject({ stdout: expect.stringContaining('"ERR_UNREACHABLE"') });
  });

  it('records once Stream’s SDK is installed beside it', async () => {
    const args = ['rawreel', 'recording', 'status', 'default:standup', '--json'];
    const env = {
      ...process.env,
      STREAM_API_KEY: 'key',
      STREAM_API_SECRET: 'secret',
      STREAM_BASE_URL: 'http://127.0.0.1:1',
    };
    const without = run('npx', args, { cwd: folder, env });
    await expect(without).rejects.toMatchObject({ stdout: expect.stringContaining('"ERR_NO_STREAM_SDK"') });
    await install('alone', ['@stream-io/node-sdk@0.7.64', ...tarballsOf('rawreel')]);
    const withIt = run('npx', args, { cwd: folder, env });
    await expect(withIt).rejects.toMatchObject({ stdout: expect.stringContaining('"ERR_UNREACHABLE"') });
  });
});

describe('the packages', { timeout: TIMEOUT }, () => {
  it('that make media have types without the SDKs, and cost no more than is said', async () => {
    const tarballs = tarballsOf(
      ...['archive', 'matroska', 'processor', 'rtp', 'storage', 'text'].map((name) => `rawreel-${name}`),
    );
    const folder = await install('media', [...tarballs, '@types/node@24']);
    const pages = ['packages/archive/README.md', 'packages/processor/README.md'];
    expect(await compileExamples(folder, pages, { skipLibCheck: false })).toBe('');
    const cost = costOf(folder);
    expect(cost.packages).toBeLessThan(60);
    expect(cost.megabytes).toBeLessThan(40);
  });

  it('installed together have the types that every README shows', async () => {
    const folder = await install('all', [...globSync(join(TARBALLS, '*.tgz')), '@types/node@24']);
    const said = await compileExamples(folder, PAGES_WITH_EXAMPLES, { skipLibCheck: false });
    // What is wrong in the types of others is not ours to mend.
    const ours = said.split('\n').filter((line) => !/\/node_modules\/(?!@rawreel\/|rawreel)/.test(line));
    expect(ours.filter((line) => line !== '' && !line.startsWith(' '))).toEqual([]);
  });
});
