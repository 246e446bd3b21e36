import { afterEach, expect, test } from 'vitest';
import { type FaultRule, type StreamApi, type StreamApiOptions, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';

const NOW = Date.parse('2026-11-20T09:30:00Z');

let api: StreamApi;
afterEach(() => api.stop());

async function start(options: StreamApiOptions = {}, timeout?: number) {
  api = await startStreamApi({
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
    ...options,
  });
  const client = clientOf(api, timeout);
  return { client, call: client.video.call('default', 'standup') };
}

const isRunning = () => api.state.calls.get('default:standup')?.recordings[0]?.phase === 'running';
const raw = { recording_type: 'raw' };

test('a request that times out has taken effect', async () => {
  const { call } = await start({}, 300);
  api.fault({ operation: 'StartRecording', fault: { kind: 'timeout' } });
  const refusal = await refusalOf(call.startRecording(raw));
  expect(refusal).toMatchObject({ status: undefined, code: undefined });
  expect(refusal.message).toContain('300ms timeout');
  expect(isRunning()).toBe(true);
  expect(api.requests.at(-1)).toMatchObject({
    operation: 'StartRecording',
    fault: 'timeout',
    status: undefined,
  });
});

test.each<[string, FaultRule['fault'], boolean]>([
  ['502 before the effect', { kind: 'badGateway', effect: 'none' }, false],
  ['502 after it', { kind: 'badGateway', effect: 'done' }, true],
])('a proxy answers HTML: %s', async (_, fault, running) => {
  const { call } = await start();
  api.fault({ fault });
  expect(await refusalOf(call.startRecording(raw))).toMatchObject({ status: 502, code: 502 });
  expect(isRunning()).toBe(running);
});

test.each<[string, FaultRule['fault'], boolean]>([
  ['before the effect', { kind: 'reset', effect: 'none' }, false],
  ['after it', { kind: 'reset', effect: 'done' }, true],
])('a connection is reset %s', async (_, fault, running) => {
  const { call } = await start();
  api.fault({ fault });
  const { status, code } = await refusalOf(call.startRecording(raw));
  expect(status).toBeUndefined();
  expect(code).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
  expect(isRunning()).toBe(running);
});

test('429 says when to come again, and has no effect', async () => {
  const { call } = await start({ now: () => NOW });
  api.fault({ fault: { kind: 'rateLimited', resetAfterMs: 30_000 } });
  expect(await refusalOf(call.startRecording(raw))).toMatchObject({
    status: 429,
    code: 9,
    resetsAt: new Date(NOW + 30_000),
  });
  expect(isRunning()).toBe(false);
});

test('a late answer comes when its time has come', async () => {
  const { call } = await start({ now: () => NOW });
  api.fault({ operation: 'GetCall', fault: { kind: 'latency', ms: 2000 } });
  const order: string[] = [];
  const late = call.get().then(() => order.push('late'));
  await expect.poll(() => api.requests.length).toBe(1);
  await call.listRecordings().then(() => order.push('in time'));
  await api.advance(2000);
  await late;
  expect(order).toEqual(['in time', 'late']);
});

test('a fault hits the operation it is for, as often as it is told', async () => {
  const { call, client } = await start();
  api.fault({ operation: 'GetCall', times: 2, fault: { kind: 'badGateway', effect: 'none' } });
  await client.video.listCallTypes();
  for (const _ of [1, 2]) expect(await refusalOf(call.get())).toMatchObject({ status: 502 });
  await call.get();
});

test('a share of all requests fails, the same for the same seed', async () => {
  const { client } = await start();
  const failed = () => api.requests.filter(({ fault }) => fault !== undefined).length;
  /** Which requests the next ten failures hit. */
  const failing = async (seed: number) => {
    const first = api.requests.length;
    const until = failed() + 10;
    api.fault({ share: 0.05, seed, times: 10, fault: { kind: 'badGateway', effect: 'none' } });
    while (failed() < until) await client.video.listCallTypes().catch(() => {});
    return api.requests.slice(first).flatMap(({ fault }, index) => (fault === undefined ? [] : [index]));
  };
  const once = await failing(1);
  expect(once.at(-1)).toBeGreaterThan(60);
  expect(once.at(-1)).toBeLessThan(600);
  expect(await failing(1)).toEqual(once);
  expect(await failing(2)).not.toEqual(once);
});
