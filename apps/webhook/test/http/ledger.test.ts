import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Jobs, openJobs } from '@rawreel/jobs';
import { startStreamApi } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createReceiveApp } from '../../src/http/receive-app.ts';
import {
  bytesOf,
  EGRESS_ID,
  FILENAME,
  headersOf,
  KEY,
  lifeEvent,
  readyEvent,
  SECRET,
} from '../builders/events.ts';
import { type Served, serve } from '../builders/receiver.ts';
import { CERTIFICATE, notification, signedBySns, TOPIC } from '../builders/sns.ts';

let folder: string;
let jobs: Jobs;
let served: Served;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-webhook-'));
  // PostgreSQL runs as another user where this is root.
  chmodSync(folder, 0o755);
  jobs = await openJobs({ dataFolder: folder });
  const { ledger, isReady } = jobs;
  served = await serve(
    createReceiveApp({
      secrets: { [KEY]: SECRET },
      topics: { [TOPIC]: KEY },
      take: ledger.take,
      ready: isReady,
      fetchText: async () => CERTIFICATE,
      onAnswer: () => {},
    }),
  );
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await jobs.close();
  rmSync(folder, { recursive: true, force: true });
});

async function post(event: unknown, webhookId: string): Promise<string> {
  const json = bytesOf(event);
  const headers = { ...headersOf(json), 'x-webhook-id': webhookId };
  const init = { method: 'POST', headers, body: new Uint8Array(json) };
  const response = await fetch(`${served.url}/webhooks/stream`, init);
  return `${response.status} ${((await response.json()) as { code: string }).code}`;
}

/** Until the recordings of a call are done. */
async function workOff(callCid: string): Promise<void> {
  const done = Promise.withResolvers<void>();
  const worker = jobs.work(
    async () => ({ destination: 'media', files: 1, bytes: 1, manifest: 'media/manifest.json' }),
    {
      name: 'worker',
      tell: (event) => event.kind === 'ended' && event.recording.callCid === callCid && done.resolve(),
    },
  );
  await done.promise;
  await worker.stop({ finishMs: 60_000 });
}

test('webhooks and SNS into the real ledger: one event is one, and a recording that is ready is queued once', async () => {
  expect(await post(readyEvent(), 'w1')).toBe('200 taken');
  expect(await post(readyEvent(), 'w1')).toBe('200 repeated');
  expect(await post(readyEvent(), 'w2')).toBe('200 repeated');
  const body = JSON.stringify(signedBySns(notification(JSON.stringify(readyEvent()))));
  const sns = await fetch(`${served.url}/webhooks/sns`, { method: 'POST', body });
  expect(await sns.json()).toEqual({ code: 'repeated' });
  expect(await post(lifeEvent('stopped'), 'w3')).toBe('200 taken');
  expect(await post(lifeEvent('started'), 'w4')).toBe('200 taken');
  const { recordings } = await jobs.ledger.list({ limit: 10 });
  expect(recordings).toMatchObject([
    { state: 'queued', callCid: 'default:standup', egressId: EGRESS_ID, filename: FILENAME },
  ]);
});

test('what Stream publishes to a topic comes over HTTP, signed by SNS', async () => {
  const answers: string[] = [];
  const api = await startStreamApi({
    webhookGzip: true,
    async publish(TopicArn, message) {
      const body = JSON.stringify(signedBySns(notification(message, { TopicArn })));
      const response = await fetch(`${served.url}/webhooks/sns`, { method: 'POST', body });
      answers.push(((await response.json()) as { code: string }).code);
    },
    seed: {
      calls: [{ type: 'default', id: 'by-topic', participants: ['ann'] }],
      eventHooks: [{ hook_type: 'sns', sns_topic_arn: TOPIC }],
    },
  });
  onTestFinished(() => api.stop());
  const { video } = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
  const call = video.call('default', 'by-topic');
  await call.startRecording({ recording_type: 'raw' });
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(60_000);
  expect(answers).toEqual(['taken', 'taken', 'taken']);
  const { recordings } = await jobs.ledger.list({ callCid: 'default:by-topic', limit: 10 });
  expect(recordings).toMatchObject([{ state: 'queued' }]);
});

test('what was delivered a week ago, replayed: 200 repeated, and nothing has changed', async () => {
  const names = { call_cid: 'default:replayed', egress_id: 'of-a-week-ago' };
  const file = { filename: 'rec_replayed.zip', session_id: 'session-replayed' };
  const history = [lifeEvent('started', names), lifeEvent('stopped', names), readyEvent(names, file)];
  for (const [at, event] of history.entries()) expect(await post(event, `week-${at}`)).toBe('200 taken');
  await workOff(names.call_cid);
  const { recordings } = await jobs.ledger.list({ callCid: names.call_cid, limit: 2 });
  const [{ id, state } = { id: '', state: undefined }] = recordings;
  expect([recordings.length, state]).toEqual([1, 'done']);
  const before = await jobs.ledger.recording(id);

  // As it was, under a new id, and as another hook would send it.
  const resent = history.map((event) => ({ ...event, created_at: '2026-11-26T23:33:31Z' }));
  const renewed = readyEvent(names, {
    ...file,
    url: 'https://recordings.example/rec.zip?Expires=1797945610',
  });
  for (const [at, event] of [...history, ...history.toReversed(), ...resent, renewed].entries())
    expect(await post(event, `again-${at}`)).toBe('200 repeated');
  expect(await jobs.ledger.recording(id)).toEqual(before);
  expect((await jobs.ledger.list({ callCid: names.call_cid, limit: 2 })).recordings).toHaveLength(1);
});

test('a start that is heard of after all is done changes no state', async () => {
  const names = { call_cid: 'default:late', egress_id: 'late' };
  expect(await post(readyEvent(names, { filename: 'rec_late.zip' }), 'late-1')).toBe('200 taken');
  await workOff(names.call_cid);
  for (const what of ['started', 'stopped'] as const)
    expect(await post(lifeEvent(what, names), `late-${what}`)).toBe('200 taken');
  const { recordings } = await jobs.ledger.list({ callCid: names.call_cid, limit: 2 });
  expect(recordings).toMatchObject([{ state: 'done', attempt: 1, egressId: 'late' }]);
});

test('whatever Stream can sign can be stored', async () => {
  const nested = JSON.parse(`${'['.repeat(62)}${']'.repeat(62)}`);
  const custom = {
    nul: 'a\u0000b',
    half: '\ud800',
    big: 1e300,
    nested,
    long: 'x'.repeat(900_000),
    ['__proto__']: 1,
  };
  expect(await post({ type: 'call.updated', custom }, 'w5')).toBe('200 taken');
  expect(await post({ type: 'friendship request ✨', custom }, 'w6')).toBe('200 taken');
  const names = { call_cid: `default:${'é'.repeat(248)}`, egress_id: '\u{1f3a5}'.repeat(128) };
  expect(await post(lifeEvent('started', names), 'w7')).toBe('200 taken');
  expect(
    await post(readyEvent(names, { filename: '\u{1f3a5}'.repeat(512), session_id: 's'.repeat(256) }), 'w8'),
  ).toBe('200 taken');
});

test('four hundred at once, half of them repeats, sent again where they are answered 503: each is there once', async () => {
  const calls = Array.from({ length: 200 }, (_, at) => `burst:${at}`);
  const send = async (call_cid: string, webhookId: string): Promise<string> => {
    const answer = await post(lifeEvent('started', { call_cid, egress_id: call_cid }), webhookId);
    return answer === '503 not-stored' ? await send(call_cid, webhookId) : answer;
  };
  const answers = await Promise.all([...calls, ...calls].map((call, at) => send(call, `burst-${at}`)));
  expect(new Set(answers)).toEqual(new Set(['200 taken', '200 repeated']));
  const { recordings } = await jobs.ledger.list({ limit: 1000 });
  const burst = recordings.map(({ callCid }) => callCid).filter((cid) => cid.startsWith('burst:'));
  expect(burst.toSorted()).toEqual(calls.toSorted());
});

test('without its database it is not ready, and says 503', async () => {
  expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
  await jobs.close();
  expect((await fetch(`${served.url}/readyz`)).status).toBe(503);
  expect(await post(lifeEvent('failed'), 'w9')).toBe('503 not-stored');
});
