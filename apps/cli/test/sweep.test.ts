import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StreamApi, startStreamApi } from '@rawreel/stream-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packages } from '../src/lazy-packages.ts';
import { run } from '../src/run.ts';
import { FakeOutput } from './fakes.ts';

/** The program in this process with the real packages, and a stand-in for Stream's API. */
const SAMPLE = readFileSync(join(import.meta.dirname, '../../../test/samples/chromium-call.zip'));

const DAY = '--since 2026-11-20T00:00:00Z --until 2026-11-21T00:00:00Z';

const recording = (day: number, filename: string, sessionId = 's-1') => ({
  type: 'raw' as const,
  filename,
  sessionId,
  startedAt: new Date(Date.UTC(2026, 10, day, 9)),
  stoppedAt: new Date(Date.UTC(2026, 10, day, 10)),
});

let folder = '';
let api: StreamApi;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-sweep-'));
  const createdAt = new Date(Date.UTC(2026, 9, 1));
  const recordings = [recording(19, 'before.zip'), recording(20, 'one.zip'), recording(20, 'two.zip', 's-2')];
  api = await startStreamApi({
    seed: {
      calls: [
        { type: 'default', id: 'standup', createdAt, recordings },
        { type: 'livestream', id: 'talk', createdAt, recordings: [recording(20, 'one.zip')] },
        { type: 'default', id: 'quiet', createdAt },
      ],
    },
  });
});
afterEach(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

async function rawreel(line: string) {
  const [stdout, stderr] = [new FakeOutput(), new FakeOutput()];
  const exitCode = await run(line.replace(/--output (\S+)/, `--output ${folder}/$1`).split(' '), {
    stdin: process.stdin,
    stdout,
    stderr,
    env: { STREAM_API_KEY: api.apiKey, STREAM_API_SECRET: api.secret, STREAM_BASE_URL: api.url },
    signal: new AbortController().signal,
    packages,
    machine: {
      nodeVersion: '24.21.0',
      platform: 'linux',
      arch: 'x64',
      workingFolder: folder,
      userId: undefined,
      configFolder: async () => undefined,
    },
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

const filesIn = (name: string): string[] =>
  readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.zip'))
    .sort();

const left = () =>
  [...api.state.calls.values()].flatMap(({ recordings }) => recordings.map(({ filename }) => filename));

const sent = (operation: string) => api.requests.filter((request) => request.operation === operation);

describe('recording sweep', () => {
  it('lists what was recorded of all calls, and until when its links hold', async () => {
    const { exitCode, stdout, stderr } = await rawreel(`recording sweep ${DAY}`);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      '3 recordings of 3 calls',
      '',
      'CALL  FILENAME  SESSION  STARTED  LENGTH  LINK',
      'default:standup  one.zip  s-1  20 Nov 2026 09:00:00 UTC  1:00:00  13 days left',
      'default:standup  two.zip  s-2  20 Nov 2026 09:00:00 UTC  1:00:00  13 days left',
      'livestream:talk  one.zip  s-1  20 Nov 2026 09:00:00 UTC  1:00:00  13 days left',
      '',
    ]);
    const latest = await rawreel(`recording sweep --latest --call-type default --json`);
    expect(JSON.parse(latest.stdout)).toMatchObject({
      action: 'list',
      calls: 2,
      recordings: [{ call: 'default:standup', filename: 'two.zip', state: 'listed' }],
      failed: [],
    });
    expect(latest.stdout).not.toMatch(/signature/i);
  });

  it('downloads them, and again only what is missing', async () => {
    const line = `recording sweep ${DAY} --download --no-cache --cache-dir ${folder}/cache --output calls`;
    const dry = await rawreel(`${line} --dry-run`);
    expect(dry.stdout.match(/would be downloaded/g)).toHaveLength(3);
    expect(readdirSync(folder)).toEqual([]);

    const first = await rawreel(line);
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(filesIn('calls')).toEqual([
      'default_standup/s-1/one.zip',
      'default_standup/s-2/two.zip',
      'livestream_talk/s-1/one.zip',
    ]);
    expect(readFileSync(join(folder, 'calls/livestream_talk/s-1/one.zip')).equals(SAMPLE)).toBe(true);

    rmSync(join(folder, 'calls/default_standup/s-2/two.zip'));
    const again = await rawreel(line);
    expect(again.stdout.match(/downloaded|already there/g)?.sort()).toEqual([
      'already there',
      'already there',
      'downloaded',
    ]);
    expect(filesIn('calls')).toHaveLength(3);
  });

  it('makes media of each in a folder of its own', async () => {
    const line = `recording sweep ${DAY} --latest --process --no-mix --no-cache --cache-dir ${folder}/cache --output out`;
    const { exitCode, stdout } = await rawreel(`${line} --json`);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).recordings.map(({ state }: { state: string }) => state)).toEqual([
      'processed',
      'processed',
    ]);
    for (const path of ['default_standup/s-2/two', 'livestream_talk/s-1/one']) {
      const files = readdirSync(join(folder, 'out', path));
      expect(files.filter((file) => file.endsWith('.mkv'))).toHaveLength(3);
      expect(files).toContain('manifest.json');
    }
    expect((await rawreel(line)).stdout.match(/already there|processed/g)).toEqual([
      'already there',
      'already there',
    ]);
    expect((await rawreel(`${line} --no-skip-existing`)).stdout.match(/already there|processed/g)).toEqual([
      'processed',
      'processed',
    ]);
  });

  it('deletes them when that is confirmed, and nothing else', async () => {
    const dry = await rawreel(`recording sweep ${DAY} --delete --dry-run`);
    expect([dry.exitCode, dry.stdout.match(/would be deleted/g)?.length]).toEqual([0, 3]);
    expect((await rawreel(`recording sweep ${DAY} --delete`)).exitCode).toBe(2);
    expect(sent('DeleteRecording')).toEqual([]);
    const { exitCode, stdout } = await rawreel(`recording sweep ${DAY} --delete --yes`);
    expect([exitCode, stdout.match(/ deleted /g)?.length]).toEqual([0, 3]);
    expect(left()).toEqual(['before.zip']);
  });

  it('an entry of a list that tells nothing is said, and is exit 1', async () => {
    const body = JSON.stringify({ recordings: [{ filename: 'odd.zip' }], duration: '1ms' });
    api.fault({ operation: 'ListRecordings', fault: { kind: 'otherAnswer', status: 200, body } });
    const { exitCode, stdout, stderr } = await rawreel(`recording sweep ${DAY} --parallel 1`);
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^1 recording of 3 calls\n/)]);
    expect(stderr).toMatch(/^rawreel: Skipped an unusable recording of default:standup: recordings\.0\./);
  });

  it('what fails keeps nothing else back, and is exit 1', async () => {
    const body = JSON.stringify({ code: 17, message: 'not allowed' });
    const fault = { kind: 'otherAnswer', status: 403, body } as const;
    api.fault({ operation: 'ListRecordings', fault });
    api.fault({ operation: 'DeleteRecording', fault });
    const { exitCode, stdout, stderr } = await rawreel(
      `recording sweep ${DAY} --delete --yes --parallel 1 --json`,
    );
    expect(exitCode).toBe(1);
    const report = JSON.parse(stdout);
    expect(report.failed).toMatchObject([{ call: 'default:standup', error: { code: 'ERR_NOT_PERMITTED' } }]);
    expect(report.recordings).toMatchObject([{ state: 'failed', error: { code: 'ERR_NOT_PERMITTED' } }]);
    expect(stderr).toBe('');
    const words = await rawreel(`recording sweep ${DAY} --delete --yes`);
    expect([words.exitCode, words.stderr]).toEqual([0, '']);
    expect(left()).toEqual(['before.zip']);
  });
});

describe('recording download', () => {
  const ALL = 'recording download default:standup --all --no-cache';

  it('keeps archives that are there whole; --no-skip-existing fetches all', async () => {
    const line = `${ALL} --output calls`;
    const archives = (stdout: string) =>
      JSON.parse(stdout).map(({ alreadyThere }: { alreadyThere: boolean }) => alreadyThere);
    expect(archives((await rawreel(`${line} --json`)).stdout)).toEqual([false, false, false]);
    const half = join(folder, 'calls/one.zip');
    writeFileSync(half, SAMPLE.subarray(0, 1000));
    expect((await rawreel(line)).stdout).toMatch(/^3 recordings in \S+\/calls\/ \(.*, 2 there before\)\n/);
    expect(readFileSync(half).equals(SAMPLE)).toBe(true);
    const anew = await rawreel(`${line} --no-skip-existing --json`);
    expect(archives(anew.stdout)).toEqual([false, false, false]);
  });

  it('makes media of each of several in a folder of its own, and of one in the output, named as asked for', async () => {
    const media = (path: string) => readdirSync(join(folder, path)).filter((file) => file.endsWith('.mkv'));
    const { exitCode } = await rawreel(`${ALL} --process --no-mix --name short --output out`);
    expect([exitCode, readdirSync(join(folder, 'out')).sort()]).toEqual([0, ['before', 'one', 'two']]);
    for (const name of ['before', 'one', 'two']) expect(media(`out/${name}`)).toHaveLength(3);
    await rawreel(`${ALL.replace('--all', '--latest')} --process --no-mix --name recorded --output latest`);
    expect(media('latest').sort()).toEqual([
      expect.stringMatching(/^\d{8}T\d{6}Z-.*-audio\.mkv$/),
      expect.stringMatching(/-av\.mkv$/),
      expect.stringMatching(/-video\.mkv$/),
    ]);
  });
});
