import { gzipSync } from 'node:zlib';
import { startStreamApi } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import express, { type Express } from 'express';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebhookError } from '../../src/http/errors.ts';
import { createStreamWebhookRouter } from '../../src/http/stream-webhook-router.ts';
import type { Take } from '../../src/http/take.ts';
import { bytesOf, headersOf, KEY, lifeEvent, readyEvent, SECRET } from '../builders/events.ts';
import { Store, serve, serveRouter } from '../builders/receiver.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const STARTED = bytesOf(lifeEvent('started'));

async function post(url: string, body: Uint8Array, headers: Record<string, string> = headersOf(body)) {
  const response = await fetch(`${url}/hook`, { method: 'POST', body: new Uint8Array(body), headers });
  return { status: response.status, ...((await response.json()) as { code: string; message?: string }) };
}

describe('webhook over HTTP', () => {
  test('an event is stored with its facts, and then answered 200', async () => {
    await using receiver = await serveRouter();
    const body = bytesOf(readyEvent());
    expect(
      await post(receiver.url, gzipSync(body), { ...headersOf(body), 'content-encoding': 'gzip' }),
    ).toEqual({
      status: 200,
      code: 'taken',
    });
    const source = { by: 'webhook', id: headersOf(body)['x-webhook-id'] };
    expect(receiver.store.events).toEqual([
      {
        apiKey: KEY,
        identity: expect.stringMatching(/^[\w-]{43}$/),
        type: 'call.recording_ready',
        receivedAtMs: expect.any(Number),
        body: readyEvent(),
        source,
      },
    ]);
    expect(receiver.store.facts).toMatchObject([{ kind: 'ready', source }]);
    expect(receiver.answers).toMatchObject([
      { status: 200, code: 'taken', event: { type: 'call.recording_ready' } },
    ]);
  });

  test('nothing is answered before it is stored', async () => {
    const { promise: stored, resolve } = Promise.withResolvers<'taken'>();
    const asked = Promise.withResolvers<void>();
    await using receiver = await serveRouter({
      take: () => {
        asked.resolve();
        return stored;
      },
    });
    let answered = false;
    const answer = post(receiver.url, STARTED).finally(() => {
      answered = true;
    });
    await asked.promise;
    expect(answered).toBe(false);
    resolve('taken');
    expect((await answer).status).toBe(200);
  });

  test('a repeat is 200: by the same hook, by another, of a week ago', async () => {
    await using receiver = await serveRouter();
    const codes: string[] = [];
    for (const id of ['w1', 'w1', 'w2']) {
      const { status, code } = await post(receiver.url, STARTED, {
        ...headersOf(STARTED),
        'x-webhook-id': id,
      });
      codes.push(`${status} ${code}`);
    }
    expect(codes).toEqual(['200 taken', '200 repeated', '200 repeated']);
    expect(receiver.store.facts).toHaveLength(1);
  });

  test('unknown types and other recordings are stored without facts, and answered 200', async () => {
    await using receiver = await serveRouter();
    for (const event of [{ type: 'not.thought.of' }, lifeEvent('stopped', { recording_type: 'composite' })]) {
      expect(await post(receiver.url, bytesOf(event))).toMatchObject({ status: 200, code: 'taken' });
    }
    expect(receiver.store.events).toHaveLength(2);
    expect(receiver.store.facts).toEqual([]);
  });

  test('a store that is down is 503, and says nothing of it to strangers', async () => {
    const cause = new Error('connect ECONNREFUSED 10.1.2.3:5432');
    await using receiver = await serveRouter({ take: () => Promise.reject(cause) });
    const answer = await post(receiver.url, STARTED);
    expect(answer).toEqual({ status: 503, code: 'not-stored', message: 'The event could not be stored' });
    expect(receiver.answers).toMatchObject([
      { code: 'not-stored', cause, event: { type: 'call.recording_started' } },
    ]);
  });

  test('a handler that throws before it returns a promise is the same', async () => {
    await using receiver = await serveRouter({
      take: () => {
        throw new Error('bug');
      },
    });
    expect(await post(receiver.url, STARTED)).toMatchObject({ status: 503, code: 'not-stored' });
  });

  test('a store that hangs is 503 before Stream stops listening', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = Promise.withResolvers<void>();
    const take: Take = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    await using receiver = await serveRouter({ take });
    const answer = post(receiver.url, STARTED);
    await asked.promise;
    vi.advanceTimersByTime(5_999);
    expect(await answer).toMatchObject({ status: 503, code: 'not-stored' });
  });

  test('a handler that returns nothing has taken the event', async () => {
    await using receiver = await serveRouter({ take: async () => {} });
    expect(await post(receiver.url, STARTED)).toEqual({ status: 200, code: 'taken' });
  });

  test('other methods are refused', async () => {
    await using receiver = await serveRouter();
    const response = await fetch(`${receiver.url}/hook`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('webhook in an app that reads bodies itself', () => {
  const keepBytes = (request: object, _response: unknown, bytes: Buffer) =>
    Object.assign(request, { rawBody: bytes });

  test.each<[string, (app: Express) => void, boolean]>([
    [
      'express.json() for other types',
      (app) => app.use(express.json({ type: 'application/x-other' })),
      false,
    ],
    ['express.json() that keeps the bytes', (app) => app.use(express.json({ verify: keepBytes })), false],
    ['express.json() that keeps them, gzipped', (app) => app.use(express.json({ verify: keepBytes })), true],
    ['express.raw()', (app) => app.use(express.raw({ type: '*/*' })), false],
    ['express.raw(), gzipped', (app) => app.use(express.raw({ type: '*/*' })), true],
    [
      'express.raw() that does not inflate',
      (app) => app.use(express.raw({ type: '*/*', inflate: false })),
      false,
    ],
  ])('%s before the receiver does no harm', async (_what, before, isGzipped) => {
    await using receiver = await serveRouter({ before });
    const headers = { ...headersOf(STARTED), ...(isGzipped ? { 'content-encoding': 'gzip' } : {}) };
    expect(await post(receiver.url, isGzipped ? gzipSync(STARTED) : STARTED, headers)).toMatchObject({
      status: 200,
      code: 'taken',
    });
  });

  test.each<[string, (app: Express) => void]>([
    ['express.json()', (app) => app.use(express.json())],
    ['express.text()', (app) => app.use(express.text({ type: '*/*' }))],
    [
      'a reader of their own',
      (app) => app.use((request, _response, next) => void request.resume().on('end', next)),
    ],
  ])('%s before it is named as the fault, at once, and Stream comes again', async (_what, before) => {
    await using receiver = await serveRouter({ before });
    expect(await post(receiver.url, STARTED)).toEqual({
      status: 503,
      code: 'body-consumed',
      message: expect.stringContaining('mount the receiver before express.json()'),
    });
  });

  test('express.json() after it reads what is not the receiver’s', async () => {
    const app = express();
    app.use('/hook', createStreamWebhookRouter({ secrets: { [KEY]: SECRET }, take: new Store().take }));
    app.use(express.json());
    app.post('/own', (request, response) => void response.json({ code: request.body.code }));
    await using served = await serve(app);
    expect((await post(served.url, STARTED)).code).toBe('taken');
    const headers = { 'content-type': 'application/json' };
    const own = await fetch(`${served.url}/own`, { method: 'POST', body: '{"code":"mine"}', headers });
    expect(await own.json()).toEqual({ code: 'mine' });
  });

  test('without onAnswer, node warns of the first fault of each kind, and of no stranger', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const app = express();
    const take: Take = () => Promise.reject(new Error('disk full'));
    app.use('/hook', createStreamWebhookRouter({ secrets: { [KEY]: SECRET }, take }));
    await using served = await serve(app);
    await post(served.url, STARTED);
    await post(served.url, STARTED);
    await post(served.url, STARTED, headersOf(STARTED, 'guess'));
    expect(warn.mock.calls).toEqual([
      [
        'The event could not be stored: disk full. Further ones are not shown: give onAnswer to see all',
        { type: 'RawreelWebhookWarning', code: 'not-stored' },
      ],
    ]);
  });
});

describe('webhook · what a receiver is made of', () => {
  const make = (secrets: Record<string, string | string[]>) => () =>
    createStreamWebhookRouter({ secrets, take: new Store().take });

  test.each<[string, Record<string, string | string[]>, string]>([
    ['no app', {}, 'ERR_NO_APP'],
    ['a key that is not set', { '': SECRET }, 'ERR_NO_APP'],
    ['an empty secret', { [KEY]: '' }, 'ERR_EMPTY_SECRET'],
    ['no secret', { [KEY]: [] }, 'ERR_EMPTY_SECRET'],
    ['an empty one beside another', { [KEY]: [SECRET, ''] }, 'ERR_EMPTY_SECRET'],
    ['a variable that is not set', { [KEY]: undefined as unknown as string }, 'ERR_EMPTY_SECRET'],
  ])('not of %s', (_what, secrets, code) => {
    expect(make(secrets)).toThrow(expect.objectContaining({ name: WebhookError.name, code }));
  });
});

test('a recording from start to file, as the stand-in for Stream’s API sends its events, gzipped', async () => {
  const app = express();
  const store = new Store();
  await using served = await serve(app);
  const api = await startStreamApi({
    now: () => Date.UTC(2026, 10, 20),
    webhookUrl: `${served.url}/hook`,
    webhookGzip: true,
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
  });
  try {
    app.use(
      '/hook',
      createStreamWebhookRouter({ secrets: { [api.apiKey]: [api.secret] }, take: store.take }),
    );
    const call = new StreamClient(api.apiKey, api.secret, { basePath: api.url }).video.call(
      'default',
      'standup',
    );
    await call.startRecording({ recording_type: 'raw' });
    await call.startRecording({ recording_type: 'composite' });
    await api.advance(60_000);
    await call.stopRecording({ recording_type: 'raw' });
    await call.stopRecording({ recording_type: 'composite' });
    await api.advance(60_000);
    const { recordings } = await call.listRecordings();
    const raw = recordings.find(({ recording_type }) => recording_type === 'raw');
    expect(store.events).toHaveLength(6);
    expect(store.facts.map(({ kind }) => kind)).toEqual(['started', 'stopped', 'ready']);
    expect(new Set(store.facts.map(({ egressId }) => egressId)).size).toBe(1);
    expect(store.facts[2]).toMatchObject({
      callCid: 'default:standup',
      sessionId: raw?.session_id,
      filename: raw?.filename,
      startMs: raw?.start_time.getTime(),
      endMs: raw?.end_time.getTime(),
    });
  } finally {
    await api.stop();
  }
});
