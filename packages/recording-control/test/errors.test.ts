import type { FaultRule } from '@rawreel/stream-api';
import { describe, expect, test } from 'vitest';
import { createRecordingControl, type RecordingControl, RecordingControlError } from '../src/index.ts';
import { STANDUP, type StandIn, standIn } from './builders/stand-in.ts';

const ONCE = { retry: { attempts: 1, withinMs: 0 } };

async function failureOf(work: Promise<unknown>): Promise<RecordingControlError> {
  const outcome: unknown = await work.catch((error: unknown) => error);
  if (!(outcome instanceof RecordingControlError)) throw new Error('it did not fail', { cause: outcome });
  return outcome;
}

/** Everything of an error that may be printed or logged. */
const allOf = (error: RecordingControlError) =>
  [error.message, error.hint, error.stack, (error.cause as Error).message, (error.cause as Error).stack].join(
    '\n',
  );

interface Row {
  readonly name: string;
  readonly fault?: FaultRule['fault'];
  readonly ask?: (control: RecordingControl, standIn: StandIn) => Promise<unknown>;
  readonly access?: Partial<{ apiKey: string; secret: string; baseUrl: string; timeoutMs: number }>;
  readonly code: string;
  readonly message: RegExp;
}

const answer = (status: number, body: unknown): FaultRule['fault'] => ({
  kind: 'otherAnswer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const ROWS: readonly Row[] = [
  {
    name: 'a call that is not there',
    ask: (control) => control.status({ type: 'default', id: 'nobody' }),
    code: 'ERR_NOT_FOUND',
    message: /^default:nobody cannot be read: it does not exist \(.*default:nobody/,
  },
  {
    name: 'a call type that is not there',
    ask: (control) => control.settings.getForCallType('nothing'),
    code: 'ERR_NOT_FOUND',
    message: /^The call type nothing cannot be read: it does not exist/,
  },
  {
    name: 'a wrong secret',
    access: { secret: 'wrong' },
    code: 'ERR_NOT_PERMITTED',
    message: /the API key or its secret is refused \(Token signature is invalid\)$/,
  },
  {
    name: 'a wrong key',
    access: { apiKey: 'wrong' },
    code: 'ERR_NOT_PERMITTED',
    message: /the API key or its secret is refused \(api_key not valid\)$/,
  },
  {
    name: 'what the app may not do',
    fault: answer(403, { code: 17, message: 'not allowed', StatusCode: 403 }),
    code: 'ERR_NOT_PERMITTED',
    message: /the API does not permit it \(not allowed\)$/,
  },
  {
    name: 'a rate limit',
    fault: { kind: 'rateLimited', resetAfterMs: 30_000 },
    code: 'ERR_RATE_LIMITED',
    message: /too many requests, again from 2026-11-20T09:30:30.000Z$/,
  },
  {
    name: 'a rate limit that does not tell when it ends',
    fault: answer(429, { code: 9, message: 'too many' }),
    code: 'ERR_RATE_LIMITED',
    message: /too many requests, for now$/,
  },
  {
    name: 'a request that is refused',
    fault: answer(400, { code: 4, message: 'GetCall failed with error: "x must be y"' }),
    code: 'ERR_BAD_REQUEST',
    message: /the API refuses the request \(GetCall failed with error: "x must be y"\)$/,
  },
  {
    name: 'a proxy’s 502',
    fault: { kind: 'badGateway', effect: 'none' },
    code: 'ERR_BAD_ANSWER',
    message: /the API answers 502, again and again$/,
  },
  {
    name: 'a 500 of the API',
    fault: answer(500, { code: -1, message: 'internal' }),
    code: 'ERR_BAD_ANSWER',
    message: /the API answers 500, again and again$/,
  },
  {
    name: 'a 500 whose body is null',
    fault: answer(500, 'null'),
    code: 'ERR_BAD_ANSWER',
    message: /the answer is none of the API/,
  },
  {
    name: 'an answer that the API does not give',
    fault: answer(304, ''),
    code: 'ERR_BAD_ANSWER',
    message: /something answers 304, which the API does not$/,
  },
  {
    name: 'no answer',
    fault: { kind: 'timeout' },
    access: { timeoutMs: 200 },
    code: 'ERR_TIMED_OUT',
    message: /no answer came in time$/,
  },
  {
    name: 'a page instead of an answer',
    fault: answer(200, '<html>login</html>'),
    code: 'ERR_BAD_ANSWER',
    message: /the answer is none of the API \(.*JSON/,
  },
  {
    name: 'an answer of another shape',
    fault: answer(200, { call: { backstage: 'no' } }),
    code: 'ERR_BAD_ANSWER',
    message: /not as the API's types say \(call\.backstage: expected boolean, received "no"\)$/,
  },
  {
    name: 'a broken connection',
    fault: { kind: 'reset', effect: 'none' },
    code: 'ERR_UNREACHABLE',
    message: /the connection fails, again and again \(read ECONNRESET\)$/,
  },
  {
    name: 'a proxy that repeats the secret in what is no JSON',
    fault: answer(200, 'rawreel-secret'),
    code: 'ERR_BAD_ANSWER',
    message: /the answer is none of the API/,
  },
];

describe('each failure has its code, its cause and no secret', () => {
  test.each(ROWS)('$name', async ({ fault, ask, access = {}, code, message }) => {
    const standing = await standIn();
    const { api, clock } = standing;
    const credentials = { apiKey: api.apiKey, secret: api.secret, baseUrl: api.url, ...access };
    const control = createRecordingControl(credentials, { ...ONCE, clock });
    if (fault !== undefined) api.fault({ fault });
    const error = await failureOf(ask ? ask(control, standing) : control.status(STANDUP));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.hint).not.toBe('');
    expect(allOf(error)).not.toContain(credentials.secret);
    expect(allOf(error)).not.toMatch(/eyJ/);
  });
});

test('a host at which nothing listens is not asked again and again', async () => {
  const { clock } = await standIn();
  const credentials = { apiKey: 'k', secret: 's', baseUrl: 'http://127.0.0.1:2' };
  const error = await failureOf(createRecordingControl(credentials, { clock }).status(STANDUP));
  expect(error).toMatchObject({ code: 'ERR_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') });
  expect(clock.sleeps).toEqual([]);
});

test('raw recording that is switched off names the setting', async () => {
  const { control } = await standIn();
  await control.settings.setForCallType('default', { mode: 'disabled' });
  expect(await failureOf(control.start(STANDUP))).toMatchObject({
    code: 'ERR_RECORDING_DISABLED',
    setting: 'settings.raw_recording.mode',
    message: expect.stringContaining('switched off by settings.raw_recording.mode'),
    cause: { metadata: { responseCode: 400 } },
  });
});

test('a rate limit tells when it ends', async () => {
  const { api, control } = await standIn({ control: ONCE });
  api.fault({ fault: { kind: 'rateLimited', resetAfterMs: 30_000 } });
  const { resetAt } = await failureOf(control.status(STANDUP));
  expect(resetAt).toEqual(new Date('2026-11-20T09:30:30Z'));
});

describe('what the API repeats of a request is not shown', () => {
  test('the secret of a storage', async () => {
    const { api, control } = await standIn();
    const message = 'wrong keys: AKIA / very-secret-key';
    api.fault({ operation: 'CreateExternalStorage', fault: answer(400, { code: 4, message }) });
    const keys = { id: 'AKIA', secret: 'very-secret-key' };
    const error = await failureOf(
      control.externalStorage.create({ type: 's3', name: 'ours', bucket: 'b', region: 'eu-west-1', keys }),
    );
    expect(error.message).toContain('wrong keys: AKIA / …');
    expect(allOf(error)).not.toContain('very-secret-key');
  });

  test('the token, the secret itself, and a private key', async () => {
    const { api, control } = await standIn({ control: ONCE });
    const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----';
    await control.status(STANDUP);
    const token = api.requests[0]?.headers.authorization ?? '';
    const message = `${token} ${api.secret} ${key}`;
    api.fault({ fault: answer(400, { code: 4, message }) });
    const error = await failureOf(control.status(STANDUP));
    expect(error.message).toMatch(/\(… … …\)$/);
    for (const secret of [token, api.secret, 'MIIB']) expect(allOf(error)).not.toContain(secret);
  });
});

test('foreign words are one line, harmless to a terminal, and not a page long', async () => {
  const { api, control } = await standIn();
  api.fault({ fault: answer(400, { code: 4, message: `\u001b[2J\n${'x'.repeat(5000)}` }) });
  const { message } = await failureOf(control.status(STANDUP));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
  expect(message).not.toMatch(/[\u0000-\u001f]/);
  expect(message.length).toBeLessThan(600);
});
