import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StreamApi, startStreamApi } from '../src/index.ts';

const NOW = Date.parse('2026-11-20T09:30:00Z');
const seconds = NOW / 1000;

let api: StreamApi;
beforeAll(async () => {
  api = await startStreamApi({ now: () => NOW });
});
afterAll(() => api.stop());

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(payload: object, { alg = 'HS256', secret = api.secret } = {}): string {
  const signed = `${part({ alg, typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

interface Sent {
  readonly key?: string;
  readonly authorization?: string;
  readonly authType?: string;
}

/** HTTP status and the API's code. */
async function outcome({
  key = api.apiKey,
  authorization = token({ server: true }),
  authType = 'jwt',
}: Sent) {
  const answer = await fetch(`${api.url}/api/v2/video/calltypes${key === '' ? '' : `?api_key=${key}`}`, {
    headers: {
      ...(authorization === '' ? {} : { authorization }),
      ...(authType === '' ? {} : { 'stream-auth-type': authType }),
    },
  });
  const body = (await answer.json()) as { code?: number; StatusCode?: number };
  if (answer.status !== 200) expect(body.StatusCode).toBe(answer.status);
  return [answer.status, body.code];
}

test.each<[string, () => Sent, number, number | undefined]>([
  ['a server token', () => ({}), 200, undefined],
  [
    'one that expires later',
    () => ({ authorization: token({ server: true, exp: seconds + 1 }) }),
    200,
    undefined,
  ],
  ['no key', () => ({ key: '' }), 401, 2],
  ['another key', () => ({ key: 'other' }), 401, 2],
  ['no token', () => ({ authorization: '' }), 401, 5],
  ['no stream-auth-type', () => ({ authType: '' }), 401, 5],
  ['an anonymous stream-auth-type', () => ({ authType: 'anonymous' }), 401, 5],
  ['a token of two parts', () => ({ authorization: 'a.b' }), 401, 5],
  ['a token that is not JSON', () => ({ authorization: 'a.b.c' }), 401, 5],
  [
    'the algorithm none',
    () => ({ authorization: `${part({ alg: 'none' })}.${part({ server: true })}.` }),
    401,
    5,
  ],
  ['another algorithm', () => ({ authorization: token({ server: true }, { alg: 'HS512' }) }), 401, 5],
  ['another secret', () => ({ authorization: token({ server: true }, { secret: 'guessed' }) }), 401, 43],
  ['Bearer before the token', () => ({ authorization: `Bearer ${token({ server: true })}` }), 401, 5],
  ['a token that has expired', () => ({ authorization: token({ server: true, exp: seconds }) }), 401, 40],
  ['a token for later', () => ({ authorization: token({ server: true, nbf: seconds + 1 }) }), 401, 41],
  [
    'a token that was issued in the future',
    () => ({ authorization: token({ server: true, iat: seconds + 1 }) }),
    401,
    42,
  ],
  ["a user's token", () => ({ authorization: token({ user_id: 'ann' }) }), 403, 17],
])('answers %s', async (_, sent, status, code) => {
  expect(await outcome(sent())).toEqual([status, code]);
});

async function ask(path: string, init: RequestInit = {}) {
  const headers = { authorization: token({ server: true }), 'stream-auth-type': 'jwt', ...init.headers };
  const answer = await fetch(`${api.url}${path}api_key=${api.apiKey}`, { ...init, headers });
  return [answer.status, ((await answer.json()) as { code?: number }).code];
}

const json = { 'content-type': 'application/json' };
test.each<[string, () => Promise<unknown>, [number, number]]>([
  [
    'a body that is not JSON',
    () => ask('/api/v2/video/calltypes?', { method: 'POST', headers: json, body: '{' }),
    [400, 4],
  ],
  [
    'a body that is a list',
    () => ask('/api/v2/video/calltypes?', { method: 'POST', headers: json, body: '[]' }),
    [400, 4],
  ],
  ['no body', () => ask('/api/v2/video/calltypes?', { method: 'POST', headers: json }), [400, 4]],
  [
    'a body of another type',
    () => ask('/api/v2/video/calltypes?', { method: 'POST', body: '{"name":"voice"}' }),
    [400, 4],
  ],
  ['a query parameter that is not known', () => ask('/api/v2/video/calltypes?limit=1&'), [400, 4]],
  ['another method', () => ask('/api/v2/video/calltypes?', { method: 'PATCH' }), [404, 16]],
  ['another path', () => ask('/api/v3/video/calltypes?'), [404, 16]],
  ['a segment that is not encoded right', () => ask('/api/v2/video/calltypes/%ZZ?'), [404, 16]],
])('refuses %s', async (_, asked, expected) => {
  expect(await asked()).toEqual(expected);
});
