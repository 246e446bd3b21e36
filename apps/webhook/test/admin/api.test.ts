import { AttemptFailure, type Job, type WorkerEvent } from '@rawreel/jobs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, expect, test } from 'vitest';
import { OPENAPI } from '../../src/admin/openapi.ts';
import { type Asked, adminServer, fact, readyFact, TOKEN } from '../builders/admin.ts';

const admin = adminServer();
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', components: OPENAPI.components });

type Path = keyof typeof OPENAPI.paths;

/** Asks, and holds what is answered to what the description says of this path and status. */
async function ask(path: string, init: Parameters<typeof admin.ask>[1] = {}): Promise<Asked> {
  const answer = await admin.ask(path, init);
  const [bare = ''] = path.split('?');
  const described = (Object.keys(OPENAPI.paths) as Path[]).find((each) =>
    new RegExp(`^${each.replace('{id}', '[^/]+')}$`).test(bare),
  );
  const operations = described && (OPENAPI.paths[described] as Record<string, { responses: object }>);
  const operation = operations?.[(init.method ?? 'GET').toLowerCase()];
  const response = (
    operation?.responses as Record<string, { content: Record<string, { schema: { $ref: string } }> }>
  )?.[answer.status];
  const schema = response?.content['application/json']?.schema.$ref ?? '#/components/schemas/Error';
  const validate = ajv.compile({ $ref: `openapi${schema}` });
  validate(answer.body);
  expect(validate.errors, JSON.stringify(answer.body)).toBeNull();
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer;
}

const idsIn = ({ body }: Asked): string[] => (body.recordings ?? []).map(({ id }) => id);
const TOTAL = 12;
let ids: readonly string[] = [];

beforeAll(async () => {
  const { ledger } = admin.jobs();
  for (let index = 0; index < TOTAL; index += 1) await ledger.add('key', [readyFact(index)]);
  await ledger.add('key', [fact({ callCid: 'default:now', egressId: 'now' }, 1000, { kind: 'started' })]);
  ids = (await ledger.list({ limit: 1000 })).recordings.map(({ id }) => id);
});

test('recordings in pages, newest first, each once', async () => {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page = await ask(`/recordings?limit=5${next === undefined ? '' : `&before=${next}`}`);
    expect(page.status).toBe(200);
    found.push(...idsIn(page));
    next = page.body.next;
  } while (next !== undefined);
  expect(found).toEqual(ids);
});

test.each([
  ['state=queued', TOTAL],
  ['state=recording,done', 1],
  ['state=failed', 0],
  ['call=default:call-3', 1],
  ['call=default%3Acall-3&state=recording', 0],
  ['since=2026-01-01T00:00:00Z', TOTAL + 1],
  ['since=2999-01-01T00:00:00%2B02:00', 0],
  ['before=1', 0],
  ['before=999999999999999', TOTAL + 1],
])('recordings that are asked for by %s', async (query, count) => {
  expect(idsIn(await ask(`/recordings?${query}`))).toHaveLength(count);
});

test.each([
  ['state=hush', 'state: expected some of recording, stopping, awaiting, queued'],
  ['state=', 'state: expected some of'],
  ['state=queued&state=done', 'state: is given twice'],
  ['limit=0', 'limit: expected a whole number from 1 to 1000'],
  ['limit=1001', 'limit: expected a whole number from 1 to 1000'],
  ['limit=1e9', 'limit: expected'],
  ['before=-1', 'before: expected the "next" of the page before'],
  ['before=9999999999999999999999', 'before: expected'],
  ['since=yesterday', 'since: expected a time such as 2026-11-20T09:30:00Z'],
  ['since=2026-11-20', 'since: expected'],
  ['call=standup', 'call: expected type:id'],
  [`call=default:${'x'.repeat(5000)}`, 'call: expected type:id, at most'],
  ['call[$ne]=x', 'call[$ne] is no parameter; there are state, call, since, before, limit'],
  ['__proto__=x', '__proto__ is no parameter'],
  ['page%00%1b=2', 'page\\x00\\x1b is no parameter'],
])('the query %j is refused', async (query, message) => {
  const { status, body } = await ask(`/recordings?${query}`);
  expect([status, body.code]).toEqual([400, 'bad-query']);
  expect(body.message).toContain(message);
});

test('one with all that is known of it, and without what opens its link', async () => {
  const [id = ''] = idsIn(await ask('/recordings?call=default:call-3'));
  const { status, body } = await ask(`/recordings/${id}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id,
    apiKey: 'key',
    call: 'default:call-3',
    state: 'queued',
    attempt: 0,
    expiresAt: '2096-10-02T07:06:40.000Z',
    link: { url: 'https://recordings.example/rec_3.zip?…', startsAt: '1970-01-01T00:00:01.000Z' },
    holds: [],
    facts: [
      { kind: 'ready', url: 'https://recordings.example/rec_3.zip?…', source: { by: 'webhook', id: 'w1' } },
    ],
  });
  expect(JSON.stringify(body)).not.toMatch(/hush|Signature|Ms"/);
  expect((await ask(`/recordings/${id.toUpperCase()}`)).body.id).toBe(id);
});

test.each([
  '00000000-0000-4000-8000-000000000000',
  'x',
  '1',
  "' or 1=1 --",
  '..',
  '%00',
  '%F0%9F%8E%A5',
  'x'.repeat(10_000),
])('no recording is called %j', async (id) => {
  const path = id === '..' ? '/recordings/%2E%2E%2Fx' : `/recordings/${id}`;
  for (const [suffix, method] of [
    ['', 'GET'],
    ['/retry', 'POST'],
    ['/cancel', 'POST'],
  ] as const)
    expect(await ask(`${path}${suffix}`, { method })).toMatchObject({
      status: 404,
      body: { code: 'no-recording' },
    });
});

test('cancelled and retried: what does not fit the state is a conflict that names it', async () => {
  const [id = ''] = idsIn(await ask('/recordings?call=default:call-0'));
  const post = (what: string) => ask(`/recordings/${id}/${what}`, { method: 'POST' });
  expect(await post('retry')).toMatchObject({
    status: 409,
    body: {
      code: 'wrong-state',
      message: `Recording ${id} is queued`,
      hint: 'It can be retried when it has come to an end.',
      state: 'queued',
    },
  });
  expect(await post('cancel')).toMatchObject({ status: 200, body: { id, state: 'cancelled' } });
  expect(await post('cancel')).toMatchObject({ status: 409, body: { state: 'cancelled' } });
  expect(await post('retry')).toMatchObject({ status: 200, body: { id, state: 'queued' } });
  const { body } = await ask(`/recordings/${id}`);
  expect(body.facts?.slice(1)).toMatchObject([
    { kind: 'cancelled', source: { by: 'api' }, request: 1 },
    { kind: 'retry-requested', source: { by: 'api' }, request: 2 },
  ]);
  const [recording = ''] = idsIn(await ask('/recordings?state=recording'));
  expect(await ask(`/recordings/${recording}/cancel`, { method: 'POST' })).toMatchObject({ status: 200 });
  expect(await ask(`/recordings/${recording}/retry`, { method: 'POST' })).toMatchObject({
    status: 409,
    body: { hint: 'There is no file to process.' },
  });
});

test('counts by state', async () => {
  const { status, body } = await ask('/counts');
  expect(status).toBe(200);
  expect(Object.values(body).reduce((sum: number, each) => sum + Number(each), 0)).toBe(TOTAL + 1);
});

test('while it is worked on there is a lease; what an attempt says of a link has lost its signature', async () => {
  const jobs = admin.jobs();
  const called = Promise.withResolvers<Job>();
  const gate = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<WorkerEvent>();
  const worker = jobs.work(
    async (job) => {
      called.resolve(job);
      await job.stage('processing');
      await gate.promise;
      throw new AttemptFailure('damaged', 'https://a.example/rec.zip?Signature=hush is no archive');
    },
    {
      name: 'worker-1',
      pollMs: 20,
      admit: ({ callCid }) => callCid === 'default:call-7' || { why: 'no room for it' },
      tell: (event) => event.kind === 'ended' && ended.resolve(event),
    },
  );
  const { recordingId } = await called.promise;
  expect((await ask(`/recordings/${recordingId}`)).body).toMatchObject({
    worker: 'worker-1',
    lease: { worker: 'worker-1', attempt: 1 },
  });
  gate.resolve();
  await ended.promise;
  await worker.stop();
  const { body } = await ask(`/recordings/${recordingId}`);
  const message = 'https://a.example/rec.zip?… is no archive';
  expect(body).toMatchObject({ state: 'failed', failure: { kind: 'damaged', message } });
  expect(body.facts).toContainEqual(
    expect.objectContaining({ kind: 'attempt-ended', outcome: 'given-up', message }),
  );
  expect(JSON.stringify(body)).not.toContain('hush');
  for (const each of ids) await ask(`/recordings/${each}`);
});

test('wrong tokens by the thousand: each is refused, and the right one passes beside them', async () => {
  const wrong = [
    '',
    'x',
    TOKEN.slice(0, -1),
    `${TOKEN}x`,
    TOKEN.toUpperCase(),
    'é',
    ...Array.from({ length: 2000 }, (_, index) => `${TOKEN.slice(1)}${index}`),
  ].map((token) => encodeURIComponent(token));
  for (let at = 0; at < wrong.length; at += 50) {
    const answers = await Promise.all([
      ...wrong.slice(at, at + 50).map((token) => admin.ask('/counts', { token })),
      admin.ask('/counts'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([...answers.slice(1).map(() => 401), 200]);
  }
  const { status, headers, body } = await ask('/counts', { headers: { authorization: `Basic ${TOKEN}` } });
  expect([status, headers.get('www-authenticate'), body.code]).toEqual([401, 'Bearer', 'wrong-token']);
  expect((await ask('/counts', { headers: { authorization: `bearer  ${TOKEN}` } })).status).toBe(200);
});

test.each([
  ['POST', '/recordings', 405, 'method-not-allowed'],
  ['DELETE', '/recordings/x', 405, 'method-not-allowed'],
  ['GET', '/recordings/x/retry', 405, 'method-not-allowed'],
  ['PUT', '/counts', 405, 'method-not-allowed'],
  ['GET', '/nothing', 404, 'not-found'],
  ['GET', '/recordings/%zz', 400, 'bad-request'],
])('%s %s is answered %i %s', async (method, path, status, code) => {
  expect(await admin.ask(path, { method })).toMatchObject({ status, body: { code } });
});

test('a body of 100 MB that nobody asked for is not kept', async () => {
  const chunk = new Uint8Array(1 << 20);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent > 100) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const asking = admin.ask('/recordings/x/retry', { method: 'POST', body, duplex: 'half' } as RequestInit);
  // Where the answer comes before the end of the body, the connection is cut under the sender.
  expect(await asking.then(({ status }) => status).catch(() => 404)).toBe(404);
  expect(sent).toBeLessThan(100);
});

test('more requests than are answered at a time: some are told to come again, none is lost', async () => {
  const answers = await Promise.all(Array.from({ length: 60 }, () => admin.ask('/recordings?limit=1000')));
  const statuses = new Set(answers.map(({ status }) => status));
  expect(statuses.has(200)).toBe(true);
  for (const { status, headers, body } of answers)
    if (status !== 200) expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'busy', '1']);
  expect((await ask('/counts')).status).toBe(200);
});

test('who has an answer already is told that it holds', async () => {
  const first = await admin.ask('/recordings?limit=3');
  // What fetch sends by itself with such a header asks for a new answer in any case.
  const headers = { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' };
  expect((await admin.ask('/recordings?limit=3', { headers })).status).toBe(304);
  expect((await admin.ask('/recordings?limit=4', { headers })).status).toBe(200);
});
