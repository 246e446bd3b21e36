import type { RecordingWithHistory } from '@rawreel/jobs';
import { type StreamApi, startStreamApi } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentLink } from '../../src/work/current-link.ts';
import type { StreamApp } from '../../src/work/stream-app.ts';
import { queued } from '../builders/recordings.ts';

const NOW = Date.UTC(2026, 10, 29);
const MINUTE = 60_000;
let api: StreamApi;
let app: StreamApp;
let names: { readonly sessionId: string; readonly filename: string };

beforeAll(async () => {
  api = await startStreamApi({
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
  });
  app = { apiKey: api.apiKey, secrets: [api.secret, 'old'], baseUrl: api.url };
  const { video } = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
  const call = video.call('default', 'standup');
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(1000);
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(10_000);
  const [recorded] = api.state.calls.get('default:standup')?.recordings ?? [];
  names = { sessionId: recorded?.sessionId ?? '', filename: recorded?.filename ?? '' };
});
afterAll(() => api.stop());

const linkTo = (leftMs: number) => `https://old.example/x.zip?Expires=${(NOW + leftMs) / 1000}`;
const recording = (leftMs: number, fields: Partial<RecordingWithHistory> = {}) =>
  queued({ ...names, link: { url: linkTo(leftMs), startMs: 0, endMs: 1, atMs: 2 }, ...fields });
const find = (wanted: RecordingWithHistory, apps: readonly StreamApp[] = [app]) =>
  currentLink(wanted, { apps, signal: new AbortController().signal, now: () => NOW });

test('a link that holds is taken, without a word to Stream', async () => {
  const before = api.requests.length;
  expect(await find(recording(31 * MINUTE))).toBe(linkTo(31 * MINUTE));
  expect(await find(queued({ link: { url: 'https://x.example/', startMs: 0, endMs: 1, atMs: 2 } }))).toBe(
    'https://x.example/',
  );
  expect(api.requests).toHaveLength(before);
});

test('one that is over, soon over, or was refused, is asked for anew', async () => {
  const isNew = expect.stringContaining(`${api.url}/video/recordings/`);
  expect(await find(recording(-MINUTE))).toEqual(isNew);
  expect(await find(recording(29 * MINUTE))).toEqual(isNew);
  const failure = { kind: 'expired-link', message: '' } as const;
  expect(await find(recording(90 * MINUTE, { failure }))).toEqual(isNew);
  const lease = { url: linkTo(90 * MINUTE), startMs: 0, endMs: 1, atMs: 2, expiresAtMs: NOW };
  expect(await find(recording(0, { link: lease }))).toEqual(isNew);
});

test('where Stream cannot be asked, one that holds a little longer is taken, and one that is over is none', async () => {
  const other = { ...app, apiKey: 'other' };
  expect(await find(recording(MINUTE), [other])).toBe(linkTo(MINUTE));
  await expect(find(recording(-MINUTE), [other])).rejects.toMatchObject({
    kind: 'expired-link',
    message: expect.stringContaining('configure the secret of the app rawreel-key'),
  });
  const wrong = { ...app, secrets: ['wrong'] };
  expect(await find(recording(MINUTE), [wrong])).toBe(linkTo(MINUTE));
  await expect(find(recording(-MINUTE), [wrong])).rejects.toMatchObject({ code: 'ERR_NOT_PERMITTED' });
});

test('what Stream does not list any more is gone', async () => {
  await expect(find(recording(-MINUTE, { filename: 'other.zip' }))).rejects.toMatchObject({ kind: 'gone' });
});
