import { describe, expect, test } from 'vitest';
import { judge } from '../../src/failures/judge.ts';
import { parseAddress, StorageError } from '../../src/index.ts';
import { BadAnswer, Changed } from '../../src/transfer/answer.ts';
import { Refusal } from '../../src/transfer/range-reader.ts';
import { Stalled } from '../../src/transfer/stalled.ts';

const LINK = 'https://host/call.zip?Signature=secret';
const PAST = 'https://host/call.zip?Signature=secret&Expires=1500000000';
const S3 = 's3://bucket/call.zip';

const coded = (code: string, name = 'Error') => Object.assign(new Error('something secret'), { code, name });
const named = (name: string, message = 'something secret') => Object.assign(new Error(message), { name });

/** One row of the table each, and each row at least once. */
const rows: [string, string, unknown, string, RegExp, 'tried again' | 'final' | 'a break'][] = [
  [
    'changed',
    LINK,
    new Changed('its ETag is another one'),
    'ERR_OBJECT_CHANGED',
    /changed while it was read: its ETag/,
    'final',
  ],
  ['412', LINK, new Refusal(412, {}), 'ERR_OBJECT_CHANGED', /changed while it was read/, 'final'],
  [
    '416: shorter now',
    LINK,
    new Refusal(416, {}),
    'ERR_OBJECT_CHANGED',
    /changed while it was read/,
    'final',
  ],
  [
    'a wrong clock',
    S3,
    new Refusal(403, { code: 'RequestTimeTooSkewed' }),
    'ERR_ACCESS_DENIED',
    /clock/,
    'tried again',
  ],
  [
    'a session that is over',
    S3,
    new Refusal(400, { code: 'ExpiredToken' }),
    'ERR_NO_CREDENTIALS',
    /credentials have expired/,
    'final',
  ],
  [
    'an expired link, by its text',
    LINK,
    new Refusal(403, { code: 'AccessDenied', text: 'Request has expired' }),
    'ERR_LINK_EXPIRED',
    /link has expired/,
    'final',
  ],
  [
    'an expired link, by its code',
    LINK,
    new Refusal(400, { code: 'ExpiredToken' }),
    'ERR_LINK_EXPIRED',
    /link has expired/,
    'final',
  ],
  [
    'an expired link of Azure',
    LINK,
    new Refusal(403, {
      code: 'AuthenticationFailed',
      text: 'Signature not valid in the specified time frame',
    }),
    'ERR_LINK_EXPIRED',
    /link has expired/,
    'final',
  ],
  [
    'an expired link, by its time',
    PAST,
    new Refusal(403, {}),
    'ERR_LINK_EXPIRED',
    /link has expired/,
    'final',
  ],
  [
    'wrong keys',
    S3,
    new Refusal(403, { code: 'InvalidAccessKeyId' }),
    'ERR_ACCESS_DENIED',
    /refused \(InvalidAccessKeyId\)/,
    'final',
  ],
  [
    '301',
    LINK,
    new Refusal(301, { code: 'PermanentRedirect' }),
    'ERR_WRONG_REGION',
    /another region/,
    'final',
  ],
  [
    'a signature for another region',
    LINK,
    new Refusal(400, { code: 'AuthorizationHeaderMalformed' }),
    'ERR_WRONG_REGION',
    /another region/,
    'final',
  ],
  ['no region', S3, named('Error', 'Region is missing'), 'ERR_WRONG_REGION', /no region/, 'final'],
  ['404', LINK, new Refusal(404, {}), 'ERR_OBJECT_NOT_FOUND', /does not exist$/, 'final'],
  ['410', LINK, new Refusal(410, {}), 'ERR_OBJECT_NOT_FOUND', /does not exist$/, 'final'],
  [
    'no bucket',
    S3,
    new Refusal(404, { code: 'NoSuchBucket' }),
    'ERR_OBJECT_NOT_FOUND',
    /nor does its bucket/,
    'final',
  ],
  [
    '403 of S3',
    S3,
    new Refusal(403, { code: 'AccessDenied' }),
    'ERR_ACCESS_DENIED',
    /access is denied/,
    'final',
  ],
  ['403', LINK, new Refusal(403, {}), 'ERR_ACCESS_DENIED', /access is denied/, 'final'],
  ['408', LINK, new Refusal(408, {}), 'ERR_BAD_ANSWER', /status 408, again and again/, 'tried again'],
  ['429', LINK, new Refusal(429, {}), 'ERR_BAD_ANSWER', /status 429, again and again/, 'tried again'],
  [
    '503 of S3',
    S3,
    new Refusal(503, { code: 'SlowDown' }),
    'ERR_BAD_ANSWER',
    /status 503, SlowDown, again/,
    'tried again',
  ],
  [
    '400 RequestTimeout',
    S3,
    new Refusal(400, { code: 'RequestTimeout' }),
    'ERR_BAD_ANSWER',
    /RequestTimeout/,
    'tried again',
  ],
  ['418', LINK, new Refusal(418, {}), 'ERR_BAD_ANSWER', /status 418$/, 'final'],
  [
    'a redirect that is not followed',
    LINK,
    new BadAnswer('it redirects', { final: true }),
    'ERR_BAD_ANSWER',
    /it redirects$/,
    'final',
  ],
  [
    'a contradiction',
    LINK,
    new BadAnswer('two lengths'),
    'ERR_BAD_ANSWER',
    /contradict themselves: two lengths/,
    'tried again',
  ],
  [
    'a length that was not kept to',
    LINK,
    coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'),
    'ERR_BAD_ANSWER',
    /contradict/,
    'tried again',
  ],
  ['damaged gzip', LINK, coded('Z_DATA_ERROR'), 'ERR_BAD_ANSWER', /contradict/, 'tried again'],
  ['no credentials', S3, named('CredentialsProviderError'), 'ERR_NO_CREDENTIALS', /no credentials/, 'final'],
  ['a stall', LINK, new Stalled(30_000), 'ERR_UNREACHABLE', /nothing came for 30 s/, 'tried again'],
  [
    'a certificate',
    LINK,
    coded('CERT_HAS_EXPIRED'),
    'ERR_UNREACHABLE',
    /certificate is not accepted \(CERT_HAS_EXPIRED\)/,
    'final',
  ],
  ['no such host', LINK, coded('ENOTFOUND'), 'ERR_UNREACHABLE', /no address/, 'a break'],
  ['nobody listens', LINK, coded('ECONNREFUSED'), 'ERR_UNREACHABLE', /nothing listens/, 'a break'],
  ['a reset', LINK, coded('ECONNRESET'), 'ERR_UNREACHABLE', /ECONNRESET/, 'tried again'],
  [
    'a reset below',
    LINK,
    Object.assign(coded('UND_ERR_SOCKET'), { cause: coded('EPIPE') }),
    'ERR_UNREACHABLE',
    /EPIPE/,
    'tried again',
  ],
];

describe('failures', () => {
  test.each(rows)('%s', (_, address, failure, code, message, repeat) => {
    const { error, isRepeated } = judge(failure, parseAddress(address), false);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^(https:\/\/host|s3:\/\/bucket)\/call\.zip /);
    expect(error.hint).not.toBe('');
    expect(`${error.message}${error.hint}${error.cause}`).not.toContain('secret');
    expect(isRepeated).toBe(repeat === 'tried again');
    expect(judge(failure, parseAddress(address), true).isRepeated).toBe(repeat !== 'final');
  });

  test('what has a name already keeps it', () => {
    const named = new StorageError('ERR_NO_SPACE', 'no room');
    expect(judge(named, parseAddress(LINK), true)).toMatchObject({ error: named, isRepeated: false });
  });

  test('a link of the future is no reason for a refusal', () => {
    const address = parseAddress(
      `https://host/x?Signature=s&Expires=${Math.floor(Date.now() / 1000) + 1000}`,
    );
    expect(judge(new Refusal(403, {}), address, false).error.code).toBe('ERR_ACCESS_DENIED');
  });

  test.each([
    [undefined, 0],
    ['2', 2000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', 0],
  ])('Retry-After: %s', (retryAfter, expected) => {
    const refusal = new Refusal(503, retryAfter === undefined ? {} : { retryAfter });
    expect(judge(refusal, parseAddress(LINK), false).retryAfterMs).toBe(expected);
  });

  test('storage’s word for it is kept only where it is one', () => {
    expect(new Refusal(400, { code: 'Bad\u001b[31m Thing' }).message).toBe('status 400');
  });
});
