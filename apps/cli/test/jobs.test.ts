import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORDING_STATES } from '@rawreel/jobs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CliError } from '../src/failure/errors.ts';
import type { Job } from '../src/jobs/job.ts';
import { Changes } from '../src/jobs/job-changes.ts';
import { createJobsApi, type JobsApi } from '../src/jobs/jobs-api.ts';
import { JOB_STATES } from '../src/options/service.ts';
import { INTERRUPTED, JOB, rawreel, type Stage } from './fakes.ts';

const env = { RAWREEL_API_TOKEN: 'token-of-the-service' };
const jobs = (words: string, stage: Stage = {}) => rawreel(['jobs', ...words.split(' ')], { env, ...stage });

const OTHERS: readonly Job[] = [
  {
    ...JOB,
    id: 'a',
    state: 'queued',
    attempt: 2,
    retryAt: '2000-01-01T00:00:00Z',
    failure: { kind: 'network', message: 'no answer' },
    outputs: undefined,
  },
  { ...JOB, id: 'b', state: 'processing', worker: 'box:1', outputs: undefined },
  {
    ...JOB,
    id: 'c',
    state: 'failed',
    failure: { kind: 'damaged', message: 'no archive' },
    outputs: undefined,
  },
  { ...JOB, id: 'd', state: 'recording', attempt: 0, outputs: undefined },
];

describe('jobs list', () => {
  it('has a line for each, with what there is to say of its state', async () => {
    const { exitCode, stdout, stderr } = await jobs('list', {
      jobs: { list: async () => ({ recordings: [JOB, ...OTHERS] }) },
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      '5 recordings',
      '',
      'ID  CALL  STATE  SINCE  ATTEMPT  DETAILS',
      `${JOB.id}  default:standup  done  20 Nov 2026 09:31:12 UTC  1  4 files (3.0 MB) → media/standup`,
      'a  default:standup  queued  20 Nov 2026 09:31:12 UTC  2  network: no answer',
      'b  default:standup  processing  20 Nov 2026 09:31:12 UTC  1  by box:1',
      'c  default:standup  failed  20 Nov 2026 09:31:12 UTC  1  damaged: no archive',
      'd  default:standup  recording  20 Nov 2026 09:31:12 UTC  0',
      '',
    ]);
  });

  it('goes through the pages up to the limit, and says that there are more', async () => {
    const asked: unknown[] = [];
    const list: JobsApi['list'] = async (filter) => {
      asked.push(filter);
      const { limit = 0, before = '9000' } = filter;
      return { recordings: Array.from({ length: limit }, () => JOB), next: String(Number(before) - limit) };
    };
    const words = 'list --state failed --call default:a --since 2026-11-20T00:00:00Z --limit 1500';
    const { stdout, stderr } = await jobs(words, { jobs: { list } });
    const since = '2026-11-20T00:00:00.000Z';
    expect(asked).toEqual([
      { state: 'failed', call: 'default:a', since, before: undefined, limit: 1000 },
      { state: 'failed', call: 'default:a', since, before: '8000', limit: 500 },
    ]);
    expect(stdout).toMatch(/^1500 recordings\n/);
    expect(stderr).toBe('More are available: --limit 15000\n');
  });

  it('prints what the service says, with --json', async () => {
    expect(JSON.parse((await jobs('list --json')).stdout)).toEqual([JOB]);
  });

  it('fits a narrow terminal, and says what is left out', async () => {
    const { stdout, stderr } = await jobs('list', { stdoutColumns: 80 });
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(stderr).toContain('Hidden columns (use a wider terminal or --json):');
  });
});

describe('jobs show, retry, cancel', () => {
  it('tells the whole history', async () => {
    const worker = { by: 'worker', id: 'box:1' };
    const facts = [
      { kind: 'started', source: { by: 'webhook', id: 'w1' } },
      { kind: 'ready', source: { by: 'reconciler' } },
      { kind: 'attempt-began', attempt: 1, source: worker },
      { kind: 'attempt-stage', attempt: 1, stage: 'downloading', source: worker },
      {
        kind: 'attempt-ended',
        attempt: 1,
        outcome: 'failed',
        cause: 'network',
        message: 'no answer',
        source: worker,
      },
      { kind: 'retry-requested', source: { by: 'api' } },
      { kind: 'outputs-stored', files: 4, bytes: 2_950_758, source: worker },
      { kind: 'attempt-ended', attempt: 2, outcome: 'stored', source: worker },
    ].map((fact) => ({ ...fact, at: JOB.since }));
    const holds = [{ worker: 'box:2', why: 'it needs 2 GB of memory', at: JOB.since }];
    const { stdout } = await jobs('show x', {
      jobs: {
        show: async () => ({
          ...JOB,
          apiKey: 'key',
          filename: 'rec.zip',
          beginsAt: '2026-11-20T09:30:00Z',
          facts,
          holds,
        }),
      },
    });
    expect(stdout.split('\n').map((line) => line.replace(/(?<=\S) {2,}/g, '  '))).toEqual([
      'default:standup  done',
      `  id  ${JOB.id}`,
      '  app  key',
      '  file  rec.zip',
      '  recorded  20 Nov 2026 09:30:00 UTC to now',
      '  now  4 files (3.0 MB) → media/standup',
      '  waits  box:2: it needs 2 GB of memory',
      '',
      'WHEN  WHAT  SAID BY',
      ...[
        'started  webhook w1',
        'ready  reconciler',
        'attempt 1 began  worker box:1',
        'attempt 1: downloading  worker box:1',
        'attempt 1 ended: failed (network): no answer  worker box:1',
        'retry requested  api',
        'stored 4 files (3.0 MB)  worker box:1',
        'attempt 2 ended: stored  worker box:1',
      ].map((line) => `20 Nov 2026 09:31:12 UTC  ${line}`),
      '',
    ]);
  });

  it.each([
    ['retry', 'queued'],
    ['cancel', 'cancelled'],
  ])('%s says that it is %s', async (what, state) => {
    expect((await jobs(`${what} x`)).stdout).toBe(`default:standup is ${state}\n  ${JOB.id}\n`);
    expect(JSON.parse((await jobs(`${what} x --json`)).stdout)).toMatchObject({ id: JOB.id, state });
  });
});

describe('jobs watch', () => {
  it('prints what is under way, and ends with Ctrl-C', async () => {
    const interruption = new AbortController();
    const list: JobsApi['list'] = async ({ state }) => {
      interruption.abort(INTERRUPTED);
      return { recordings: state === undefined ? [JOB, ...OTHERS] : [] };
    };
    for (const [words, shown] of [
      ['watch', 'default:standup  recording\n'],
      ['watch --state recording --json', '"id":"d"'],
    ] as const) {
      const { exitCode, stdout, stderr } = await jobs(words, { interruption, jobs: { list } });
      expect([exitCode, stderr]).toEqual([130, '']);
      expect(stdout).toContain(shown);
      expect(stdout).not.toContain(JOB.id);
    }
  });

  it('waits for a service that does not answer, and ends where it refuses', async () => {
    const interruption = new AbortController();
    const failing = (code: string) => async () => {
      throw new CliError('no', { code });
    };
    const refused = await jobs('watch', { jobs: { list: failing('ERR_API_TOKEN') } });
    expect([refused.exitCode, refused.stderr]).toEqual([1, 'rawreel: no\n']);
    const list = async () => {
      setImmediate(() => interruption.abort(INTERRUPTED));
      return await failing('ERR_API_UNREACHABLE')();
    };
    const waiting = await jobs('watch', { interruption, jobs: { list } });
    expect([waiting.exitCode, waiting.stderr]).toEqual([130, 'no. Retrying.\n']);
  });
});

describe('changes', () => {
  const changesOf = async (...looks: readonly { newest: Job[]; open: Job[]; gone?: Job }[]) => {
    let at = -1;
    const api = {
      list: async ({ state }: { state?: string | undefined }) => {
        if (state === undefined) at += 1;
        const look = looks[at];
        return { recordings: (state === undefined ? look?.newest : look?.open) ?? [] };
      },
      show: async () => ({ ...JOB, ...looks[at]?.gone }),
    } as Partial<JobsApi> as JobsApi;
    const changes = new Changes(api, undefined);
    const told: string[] = [];
    for (const _ of looks)
      told.push((await changes.look()).map(({ id, state }) => `${id} ${state}`).join(', '));
    return told;
  };
  const job = (id: string, state: string, attempt = 1): Job => ({ ...JOB, id, state, attempt });

  it('what was done before is none, what is under way is told, and then what differs', async () => {
    const told = await changesOf(
      { newest: [job('a', 'done')], open: [job('old', 'queued')] },
      { newest: [job('a', 'done')], open: [job('old', 'queued')] },
      { newest: [job('b', 'done'), job('a', 'done')], open: [job('old', 'processing')] },
      { newest: [job('b', 'queued', 2), job('a', 'done')], open: [], gone: job('old', 'failed') },
      { newest: [job('b', 'queued', 2), job('a', 'done')], open: [] },
    );
    expect(told).toEqual(['old queued', '', 'old processing, b done', 'b queued, old failed', '']);
  });
});

describe('what is typed', () => {
  it('has the states that the ledger has', () => expect(JOB_STATES).toEqual(RECORDING_STATES));

  it.each([
    [
      'list --state hush',
      '--state takes one of recording, stopping, awaiting, queued, downloading, processing, storing, done, failed, expired, ignored, cancelled, not "hush"',
    ],
    ['list --limit 0', '--limit takes a whole number from 1 to 9999999, such as 1000, not "0"'],
    ['list --since yesterday', '--since takes a time such as 2026-11-20T09:30:00Z'],
    ['list --url ftp://x', '--url takes an address such as http://127.0.0.1:8081'],
    ['list --url http://user:hush@x', '--url takes an address such as http://127.0.0.1:8081'],
    ['list --request-timeout 10', '--request-timeout takes a duration such as 90s'],
    ['show', "missing required argument 'id'"],
  ])('%j is refused with exit code 2', async (words, message) => {
    const { exitCode, stderr } = await jobs(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('the token comes from the environment or a file, and is in no output', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rawreel-jobs-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'token');
    writeFileSync(file, 'token-of-a-file\n');
    const { told } = await jobs(`list --token-file ${file} --url https://a.example/rawreel/`);
    expect(told.jobsAsked).toMatchObject({
      token: 'token-of-a-file',
      url: 'https://a.example/rawreel',
      timeoutMs: 10_000,
    });
    expect(
      (await jobs('list', { env: { ...env, RAWREEL_API_URL: 'http://10.0.0.1:9/' } })).told.jobsAsked,
    ).toMatchObject({
      token: 'token-of-the-service',
      url: 'http://10.0.0.1:9',
    });
    expect(await jobs('list', { env: {} })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no API token for the service found\n  Set RAWREEL_API_TOKEN'),
    });
    writeFileSync(file, 'two words');
    expect((await jobs(`list --token-file ${file}`)).stderr).toContain('contains no valid token');
    expect((await jobs('list --token-file /not/there')).exitCode).toBe(1);
  });
});

describe('a service', () => {
  async function serving(listener: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return createJobsApi({ url, token: 'hush', timeoutMs: 5000, signal: new AbortController().signal });
  }
  const answering = (status: number, body: string, headers = {}) =>
    serving((_request, response) => response.writeHead(status, headers).end(body));

  it.each([
    [200, '<html>', 'ERR_API', 'is not a rawreel-webhook'],
    [200, '{"recordings":[{"id":1}]}', 'ERR_API', 'is not a rawreel-webhook'],
    [200, 'null', 'ERR_API', 'is not a rawreel-webhook'],
    [404, '{"code":"not-found","message":"x"}', 'ERR_API', 'is not a rawreel-webhook'],
    [500, 'null', 'ERR_API', 'is not a rawreel-webhook'],
    [302, '', 'ERR_API', 'is not a rawreel-webhook'],
    [401, '{"code":"wrong-token","message":"no","hint":"x"}', 'ERR_API_TOKEN', 'no'],
    [503, '{"code":"no-token-configured","message":"off"}', 'ERR_API_TOKEN', 'off'],
    [503, '{"code":"unavailable","message":"down"}', 'ERR_API_UNAVAILABLE', 'down'],
    [400, '{"code":"constructor","message":"odd"}', 'ERR_API', 'odd'],
  ])('that answers %i %j is told as %s', async (status, body, code, message) => {
    const api = await answering(status, body, { location: 'http://127.0.0.1:9/' });
    await expect(api.list({})).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('that is not there, and one that breaks off', async () => {
    const options = { token: 'hush', timeoutMs: 5000, signal: new AbortController().signal };
    const nowhere = createJobsApi({ url: 'http://127.0.0.1:9', ...options });
    await expect(nowhere.list({})).rejects.toMatchObject({ code: 'ERR_API_UNREACHABLE' });
    const api = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{');
      response.destroy();
    });
    await expect(api.list({})).rejects.toMatchObject({ code: 'ERR_API_UNREACHABLE' });
  });

  it('that has nothing new is asked for no more than that', async () => {
    const asked: unknown[] = [];
    const api = await serving(({ headers }, response) => {
      asked.push([headers.authorization, headers['if-none-match'], headers['cache-control']]);
      if (headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end(JSON.stringify({ recordings: [JOB] }));
    });
    const first = await api.list({ limit: 3 });
    expect(await api.list({ limit: 3 })).toBe(first);
    expect(asked).toEqual([
      ['Bearer hush', undefined, undefined],
      ['Bearer hush', '"1"', 'max-age=0'],
    ]);
  });

  it('whatever it says, a terminal does nothing of it', async () => {
    const evil = '\u001b[2J\u202e\nx';
    const bad: Job = {
      ...JOB,
      id: evil,
      call: evil,
      state: evil,
      since: evil,
      failure: { kind: evil, message: evil },
    };
    const history = {
      ...bad,
      facts: [{ kind: evil, at: evil, source: { by: evil, id: evil } }],
      holds: [{ worker: evil, why: evil, at: evil }],
    };
    const stage: Stage = {
      jobs: { list: async () => ({ recordings: [bad] }), show: async () => history, retry: async () => bad },
      stdoutColumns: 120,
      env: { ...env, NO_COLOR: '1' },
    };
    for (const words of ['list', 'show x', 'retry x', 'list --json', 'show x --json']) {
      const { exitCode, stdout } = await jobs(words, stage);
      expect(exitCode).toBe(0);
      for (const character of ['\u001b', '\u202e']) expect(stdout).not.toContain(character);
    }
  });
});
