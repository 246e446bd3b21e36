import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import type { StreamApi, StreamApiOptions } from '@rawreel/stream-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessTo, accessToBuckets, runScript } from './support/run-script.ts';
import { asked, standIn } from './support/stand-in.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'test', 'samples', 'chromium-call.zip');
const DAY = '2026-11-20';

let server: S3Server;
let folder: string;
let archive: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-examples-'));
  archive = await readFile(SAMPLE);
  server = await startS3Server();
  await signedFetch(server, 'PUT', '/calls');
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const surroundings = (api: StreamApi) => ({
  ...accessTo(api),
  ...accessToBuckets(server, folder),
});

const recording = (startedAt: string | number, filename: string, type: 'raw' | 'composite' = 'raw') => ({
  type,
  filename,
  sessionId: 'session-1',
  startedAt: new Date(startedAt),
  stoppedAt: new Date(new Date(startedAt).getTime() + 60_000),
});

const createdAt = new Date('2026-11-01T00:00:00Z');

const withRecordings = (options: StreamApiOptions = {}) =>
  standIn({
    ...options,
    seed: {
      callTypes: [{ name: 'talks' }],
      calls: [
        {
          type: 'default',
          id: 'standup',
          createdAt,
          recordings: [
            recording('2026-11-19T23:59:59.999Z', 'before.zip'),
            recording('2026-11-20T00:00:00Z', 'first.zip'),
            recording('2026-11-20T12:00:00Z', 'noon.mp4', 'composite'),
            recording('2026-11-20T23:59:59.999Z', 'last.zip'),
            recording('2026-11-21T00:00:00Z', 'after.zip'),
          ],
        },
        {
          type: 'talks',
          id: 'retro',
          createdAt,
          recordings: [recording('2026-11-20T09:00:00Z', 'retro.zip')],
        },
      ],
    },
  });

/** Undefined where nothing is. */
async function objectAt(path: string): Promise<Buffer | undefined> {
  const response = await signedFetch(server, 'GET', `/calls/${path}`);
  return response.status === 404 ? undefined : Buffer.from(await response.arrayBuffer());
}

describe('archive-yesterday', () => {
  test('copies the raw recordings of the day, whole, and leaves nothing on the disk', async () => {
    const api = await withRecordings();
    const { exitCode, stdout, stderr } = await runScript(
      'archive-yesterday',
      ['s3://calls/whole/', '--day', DAY],
      surroundings(api),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`copied  s3://calls/whole/default/standup/session-1/first.zip
copied  s3://calls/whole/default/standup/session-1/last.zip
copied  s3://calls/whole/talks/retro/session-1/retro.zip
Begun on ${DAY}: 3
`);
    const listing = await (
      await signedFetch(server, 'GET', '/calls', { query: { prefix: 'whole/' } })
    ).text();
    expect(listing.match(/<Key>/g)).toHaveLength(3);
    expect((await objectAt('whole/default/standup/session-1/last.zip'))?.equals(archive)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  test('leaves an object of the same length as it is, and replaces one of another', async () => {
    const api = await withRecordings();
    const same = Buffer.alloc(archive.length, 'a');
    await signedFetch(server, 'PUT', '/calls/again/default/standup/session-1/first.zip', { body: same });
    await signedFetch(server, 'PUT', '/calls/again/default/standup/session-1/last.zip', {
      body: Buffer.from('part'),
    });
    const args = ['s3://calls/again', '--day', DAY, '--call-type', 'default'];
    const { stdout } = await runScript('archive-yesterday', args, surroundings(api));
    expect(stdout).toBe(`there already  s3://calls/again/default/standup/session-1/first.zip
replaced, there were 4 bytes  s3://calls/again/default/standup/session-1/last.zip
Begun on ${DAY}: 2
`);
    expect((await objectAt('again/default/standup/session-1/first.zip'))?.equals(same)).toBe(true);
    expect((await objectAt('again/default/standup/session-1/last.zip'))?.equals(archive)).toBe(true);
    const again = await runScript('archive-yesterday', args, surroundings(api));
    expect(again.stdout.match(/^there already /gm)).toHaveLength(2);
  });

  test('takes yesterday where no day is told', async () => {
    const yesterday = () => new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
    const began = yesterday();
    const noon = Date.parse(`${began}T12:00:00Z`);
    // Two days: midnight may pass while this runs.
    const recordings = [recording(noon, 'a.zip'), recording(noon + 24 * 3_600_000, 'b.zip')];
    const api = await standIn({ seed: { calls: [{ type: 'default', id: 'daily', createdAt, recordings }] } });
    const args = ['s3://calls/yesterday'];
    const { stdout } = await runScript('archive-yesterday', args, surroundings(api));
    expect([`Begun on ${began}: 1`, `Begun on ${yesterday()}: 1`]).toContain(
      stdout.trim().split('\n').at(-1),
    );
  });

  test('copies the others where the recordings of a call cannot be listed, and says so by its exit status', async () => {
    const api = await withRecordings();
    const body = JSON.stringify({ code: 17, message: 'not allowed' });
    const fault = { kind: 'otherAnswer', status: 403, body } as const;
    api.fault({ operation: 'ListRecordings', fault });
    const args = ['s3://calls/others', '--day', DAY];
    const { exitCode, stdout, stderr } = await runScript('archive-yesterday', args, surroundings(api));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/The recordings of .* cannot be listed/);
    expect(stdout).toMatch(/^copied .*[\s\S]*\nBegun on 2026-11-20: [12]; failed: 1$/m);
  });

  test('shows no signature of a link that does not work any more', async () => {
    const api = await withRecordings({ urlLifetimeMs: 0 });
    const args = ['s3://calls/expired', '--day', DAY, '--call-type', 'talks'];
    const { exitCode, stdout, stderr } = await runScript('archive-yesterday', args, surroundings(api));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/retro\.zip.* expired/);
    expect(stdout).toBe(`Begun on ${DAY}: 1; failed: 1\n`);
    expect(stderr).not.toMatch(/signature=/i);
  });

  test('ends on Ctrl-C with 130, and leaves nothing on the disk', async () => {
    const api = await withRecordings();
    api.fault({ operation: 'ListRecordings', fault: { kind: 'latency', ms: 600_000 } });
    const interrupt = async (child: ChildProcess) => {
      await expect.poll(() => asked(api)).toContain('ListRecordings');
      child.kill('SIGINT');
    };
    const args = ['s3://calls/never', '--day', DAY];
    const run = runScript('archive-yesterday', args, surroundings(api), interrupt);
    expect(await run).toMatchObject({ exitCode: 130, stdout: '' });
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    [[]],
    [['s3://calls', 'default:retro']],
    [['calls']],
    [['s3://calls/x', '--day', 'monday']],
    [['s3://calls/x', '--day', '2026-13-01']],
  ])('refuses the arguments %j', async (args) => {
    const api = await withRecordings();
    expect(await runScript('archive-yesterday', args, surroundings(api))).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
    expect(api.requests).toEqual([]);
  });
});
