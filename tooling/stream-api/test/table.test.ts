import { readFileSync } from 'node:fs';
import { StreamClient } from '@stream-io/node-sdk';
import { expect, test } from 'vitest';
import { endpoints } from '../src/endpoints/index.ts';
import { type StreamApi, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';

// docs/stream-api.md against the stand-in, line by line, with the real SDK between them.

const page = readFileSync(new URL('../../../docs/stream-api.md', import.meta.url), 'utf8');

/** The cells of the table whose head begins so. */
function rowsUnder(head: string): string[][] {
  const lines = page.split('\n');
  const first = lines.findIndex((line) => line.startsWith(head)) + 2;
  const end = lines.findIndex((line, index) => index >= first && !line.startsWith('|'));
  return lines.slice(first, end).map((line) => line.slice(2, -2).split(' | '));
}

/** What stands in a cell between back-ticks. */
const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** The world that the page describes. */
async function world() {
  const recording = {
    type: 'raw',
    sessionId: 'morning',
    filename: 'rec.zip',
    startedAt: new Date(1_000),
    stoppedAt: new Date(2_000),
  } as const;
  const api = await startStreamApi({
    seed: {
      externalStorages: ['archive', 'used'].map((name) => ({
        name,
        bucket: 'calls',
        storage_type: 'gcs',
        gcs_credentials: '{}',
      })),
      callTypes: [{ name: 'elsewhere', external_storage: 'used' }, { name: 'unused' }],
      calls: [
        { type: 'default', id: 'standup', recordings: [recording], participants: ['ann'] },
        { type: 'default', id: 'recorded', participants: ['ann'] },
        { type: 'default', id: 'empty' },
        {
          type: 'default',
          id: 'encrypted',
          participants: ['ann'],
          data: { settings_override: { encryption: { mode: 'auto-on' } } },
        },
        {
          type: 'default',
          id: 'closed',
          participants: ['ann'],
          data: { settings_override: { raw_recording: { mode: 'disabled' } } },
        },
      ],
    },
  });
  const client = clientOf(api);
  const names = {
    client,
    call: client.video.call('default', 'standup'),
    recorded: client.video.call('default', 'recorded'),
    closed: client.video.call('default', 'closed'),
    empty: client.video.call('default', 'empty'),
    encrypted: client.video.call('default', 'encrypted'),
    stranger: new StreamClient('another', api.secret, { basePath: api.url }),
    forger: new StreamClient(api.apiKey, 'another', { basePath: api.url }),
  };
  await names.recorded.startRecording({ recording_type: 'raw' });
  return { api, names };
}

/** Runs what a line of the page says. */
const run = (code: string, names: object): Promise<Record<string, unknown>> =>
  new Function(...Object.keys(names), `return ${code}`)(...Object.values(names));

const last = (api: StreamApi) => {
  const seen = api.requests.at(-1);
  if (seen === undefined) throw new Error('no request has come');
  return seen;
};

const requests = rowsUnder("| operation | the SDK's call | the request");
const refusals = rowsUnder("| operation | the SDK's call | status");

test('every route of the stand-in has a line, and every line a route', () => {
  const operations = new Set(requests.map(([operation]) => operation));
  expect([...operations].sort()).toEqual(endpoints.map(({ name }) => name).sort());
});

test.each(requests)(
  '%s is sent and answered as its line says: %s',
  async (operation, call, request, answer) => {
    const { api, names } = await world();
    const [code = ''] = codes(call);
    const [line = '', body] = codes(request);
    const { metadata, duration, ...fields } = await run(code, names);
    const seen = last(api);
    expect(`${seen.method} ${seen.path}`).toBe(line);
    expect(seen.body).toEqual(body === undefined ? undefined : JSON.parse(body));
    expect(seen.operation).toBe(operation);
    expect(seen.status).toBe(seen.method === 'POST' || seen.method === 'PUT' ? 201 : 200);
    expect(Object.keys(fields)).toEqual(codes(answer));
    expect(duration).toMatch(/^\d+\.\d\dms$/);
    await api.stop();
  },
);

test.each(refusals)('%s is refused as its line says: %s', async (operation, call, status, code, message) => {
  const { api, names } = await world();
  const refusal = await refusalOf(run(codes(call)[0] ?? '', names));
  const text = operation === 'any' ? message : `${operation} failed with error: "${message}"`;
  expect(refusal).toMatchObject({
    status: Number(status),
    code: Number(code),
    message: `Stream error code ${code}: ${text}`,
  });
  await api.stop();
});

test('both tables were read', () => {
  expect(requests.length).toBeGreaterThanOrEqual(endpoints.length);
  const refused = new Set(refusals.map(([operation]) => operation));
  const neverRefused = endpoints.map(({ name }) => name).filter((name) => !refused.has(name));
  expect(neverRefused).toEqual(['ListCallTypes', 'ListExternalStorage', 'GetApp']);
});

test('every request has the headers and the query that the page names', async () => {
  const { api, names } = await world();
  await names.client.video.listCallTypes();
  const { headers, query } = last(api);
  const told = rowsUnder('| where | what')
    .filter(([where]) => where === 'header')
    .map(([, what]) => codes(what)[0]?.split(': ') ?? []);
  for (const [name = '', value] of told) expect(headers[name]).toEqual(value ?? expect.any(String));
  expect(query).toEqual({ api_key: api.apiKey });
  const payload = headers.authorization?.split('.')[1] ?? '';
  expect(Buffer.from(payload, 'base64url').toString()).toBe('{"server":true}');
  await api.stop();
});

test('an answer’s times are nanoseconds, which the SDK makes a Date', async () => {
  const { api, names } = await world();
  const url = `${api.url}/api/v2/video/call/default/standup/recordings?api_key=${api.apiKey}`;
  const headers = {
    authorization: last(api).headers.authorization ?? '',
    'stream-auth-type': 'jwt',
  };
  const raw = (await (await fetch(url, { headers })).json()) as { recordings: { start_time: number }[] };
  expect(raw.recordings[0]?.start_time).toBe(1_000_001_000);
  const [recording] = (await names.call.listRecordings()).recordings;
  expect(recording?.start_time).toEqual(new Date(1_000));
  await api.stop();
});
