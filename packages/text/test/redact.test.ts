import { expect, test } from 'vitest';
import { redact } from '../src/index.ts';

const SECRET = 'a-secret-of-an-app';

test.each([
  ['a known secret, wherever it is', `${SECRET}: not ${SECRET}`, '…: not …'],
  ['a signed token', 'Bearer eyJhbGciOi.eyJzdWIi.c2lnbg is bad', 'Bearer … is bad'],
  ['a private key', 'a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b', 'a … b'],
  ['a private key that is cut', 'a -----BEGIN PRIVATE KEY-----\nMII', 'a …'],
  ['a password in a URL', 'postgres://rawreel:pass@host/db', 'postgres://…@host/db'],
  [
    'a signature in a URL',
    'GET https://host/call.zip?Signature=x failed',
    'GET https://host/call.zip?… failed',
  ],
  ['nothing', 's3://bucket/call.zip is not there', 's3://bucket/call.zip is not there'],
])('takes out %s', (_, text, expected) => {
  expect(redact(text, [SECRET])).toBe(expected);
});

test('what is too short for a secret takes no words apart', () => {
  expect(redact('the key is not known', ['', 'key'])).toBe('the key is not known');
});
