import { afterEach, expect, test } from 'vitest';
import { type StreamApi, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';

const NOW = Date.parse('2026-11-20T09:30:00.250Z');
const windowEnd = new Date('2026-11-20T09:30:01Z');

let api: StreamApi;
afterEach(() => api.stop());

async function start() {
  api = await startStreamApi({ now: () => NOW, rateLimit: { requests: 2, windowMs: 1000 } });
  return clientOf(api);
}

test('each answer tells what is left of the window, and when it ends', async () => {
  const client = await start();
  const { metadata } = await client.video.listCallTypes();
  expect(metadata.rateLimit).toEqual({ rateLimit: 2, rateLimitRemaining: 1, rateLimitReset: windowEnd });
});

test('what is too much is refused until the window ends, and does not count', async () => {
  const client = await start();
  for (const _ of [1, 2]) await client.video.listCallTypes();
  for (const _ of [1, 2, 3])
    expect(await refusalOf(client.listExternalStorage())).toMatchObject({
      status: 429,
      code: 9,
      requestsLeft: 0,
      resetsAt: windowEnd,
    });
  await api.advance(749);
  expect(await refusalOf(client.video.listCallTypes())).toMatchObject({ status: 429 });
  await api.advance(1);
  const { metadata } = await client.video.listCallTypes();
  expect(metadata.rateLimit.rateLimitRemaining).toBe(1);
});

test('what is refused for another reason counts', async () => {
  const client = await start();
  for (const _ of [1, 2])
    expect(await refusalOf(client.video.getCallType({ name: 'nowhere' }))).toMatchObject({ status: 404 });
  expect(await refusalOf(client.video.listCallTypes())).toMatchObject({ status: 429 });
});

test('who is not known is not counted', async () => {
  const client = await start();
  const stranger = clientOf({ ...api, secret: 'guessed' });
  for (const _ of [1, 2, 3])
    expect(await refusalOf(stranger.video.listCallTypes())).toMatchObject({
      status: 401,
      resetsAt: undefined,
    });
  await client.video.listCallTypes();
});
