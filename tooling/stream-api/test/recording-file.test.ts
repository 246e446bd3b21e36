import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StreamApi, startStreamApi } from '../src/index.ts';
import { clientOf } from './support/client.ts';

const NOW = Date.parse('2026-11-20T09:30:00Z');
const sample = readFileSync(new URL('../../../test/samples/chromium-call.zip', import.meta.url));
const size = sample.length;

let api: StreamApi;
let url: string;
beforeEach(async () => {
  const recording = { type: 'raw', startedAt: new Date(NOW), stoppedAt: new Date(NOW) } as const;
  api = await startStreamApi({
    now: () => NOW,
    urlLifetimeMs: 60_000,
    seed: { calls: [{ type: 'default', id: 'standup', recordings: [recording] }] },
  });
  const { recordings } = await clientOf(api).video.call('default', 'standup').listRecordings();
  url = recordings[0]?.url ?? '';
});
afterEach(() => api.stop());

test('the URL of a recording gives the archive', async () => {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer()).equals(sample)).toBe(true);
  expect(answer.headers.get('accept-ranges')).toBe('bytes');
});

test.each([
  ['bytes=0-9', 0, 9],
  ['bytes=100-', 100, size - 1],
  ['bytes=-22', size - 22, size - 1],
  [`bytes=${size - 5}-${size + 5}`, size - 5, size - 1],
  [`bytes=-${size + 1}`, 0, size - 1],
])('range %s is exactly that', async (range, first, last) => {
  const answer = await fetch(url, { headers: { range } });
  expect(answer.status).toBe(206);
  expect(answer.headers.get('content-range')).toBe(`bytes ${first}-${last}/${size}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.equals(sample.subarray(first, last + 1))).toBe(true);
});

/** Status, and S3's error code if there is one. */
async function outcome(answer: Response) {
  const text = await answer.text();
  return `${answer.status} ${/<Code>(\w+)/.exec(text)?.[1] ?? ''}`.trim();
}

test.each<[string, () => Promise<Response>, string]>([
  ['a range behind the end', () => fetch(url, { headers: { range: `bytes=${size}-` } }), '416 InvalidRange'],
  ['no bytes from the end', () => fetch(url, { headers: { range: 'bytes=-0' } }), '416 InvalidRange'],
  [
    'If-Match of another file',
    () => fetch(url, { headers: { 'if-match': '"other"' } }),
    '412 PreconditionFailed',
  ],
  ['HEAD', () => fetch(url, { method: 'HEAD' }), '403'],
  ['no signature', () => fetch(url.replace(/\?.*/, '')), '403 AccessDenied'],
  ['a longer life', () => fetch(url.replace(/Expires=\d+/, 'Expires=99999999999')), '403 AccessDenied'],
  ['another file', () => fetch(url.replace('.zip?', '.mp4?')), '403 AccessDenied'],
])('refuses %s', async (_, ask, expected) => {
  expect(await outcome(await ask())).toBe(expected);
});

test('the file has a tag that goes with If-Match and If-None-Match', async () => {
  const etag = (await fetch(url)).headers.get('etag') ?? '';
  expect((await fetch(url, { headers: { 'if-match': etag } })).status).toBe(200);
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('a URL ends, and listing again gives a new one', async () => {
  await api.advance(59_999);
  expect((await fetch(url)).status).toBe(200);
  await api.advance(1);
  expect(await outcome(await fetch(url))).toBe('403 AccessDenied');
  const { recordings } = await clientOf(api).video.call('default', 'standup').listRecordings();
  expect((await fetch(recordings[0]?.url ?? '')).status).toBe(200);
});

test('each recording can be a file of its own', async () => {
  const recording = { type: 'raw', startedAt: new Date(NOW), stoppedAt: new Date(NOW) } as const;
  const files: Record<string, string> = { 'one.zip': 'package.json', 'other.zip': 'tsconfig.json' };
  const recordings = Object.keys(files).map((filename) => ({ ...recording, filename }));
  const own = await startStreamApi({
    seed: { calls: [{ type: 'default', id: 'standup', recordings }] },
    archive: ({ filename }) => fileURLToPath(new URL(`../${files[filename]}`, import.meta.url)),
  });
  const listed = await clientOf(own).video.call('default', 'standup').listRecordings();
  expect(listed.recordings).toHaveLength(2);
  for (const { filename, url } of listed.recordings)
    expect(await (await fetch(url)).text()).toBe(
      readFileSync(new URL(`../${files[filename]}`, import.meta.url), 'utf8'),
    );
  await own.stop();
});
