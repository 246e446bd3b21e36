import { expect, test } from 'vitest';
import { linkExpiry } from '../src/link-expiry.ts';

test.each([
  ['AWS, version 4', 'X-Amz-Date=20261120T093000Z&X-Amz-Expires=3600', '2026-11-20T10:30:00Z'],
  ['the same in small letters', 'x-amz-date=20261120T093000Z&x-amz-expires=3600', '2026-11-20T10:30:00Z'],
  ['Google, version 4', 'X-Goog-Date=20261120T093000Z&X-Goog-Expires=60', '2026-11-20T09:31:00Z'],
  ['CloudFront', 'Expires=1795000000&Signature=x&Key-Pair-Id=K', '2026-11-18T11:06:40Z'],
  ['AWS, version 2', 'AWSAccessKeyId=A&Expires=1795000000&Signature=x', '2026-11-18T11:06:40Z'],
  ['Google, version 2', 'GoogleAccessId=a%40b&Expires=1795000000&Signature=x', '2026-11-18T11:06:40Z'],
  ['Azure', 'se=2026-11-20T09%3A30%3A00Z&sig=x', '2026-11-20T09:30:00Z'],
  ['Azure, by the day', 'se=2026-11-20&sig=x', '2026-11-20T00:00:00Z'],
  ['an `se` that is not Azure’s', 'se=2026-11-20', undefined],
  ['a date without a duration', 'X-Amz-Date=20261120T093000Z', undefined],
  ['nothing that is a time', 'Expires=never&X-Amz-Date=x&X-Amz-Expires=60', undefined],
  ['nothing', '', undefined],
])('a link tells when it expires: %s', (_name, query, expected) => {
  expect(linkExpiry(`https://host/path?${query}`)?.toISOString()).toBe(expected?.replace(/Z$/, '.000Z'));
});

test('what is no URL tells nothing', () => {
  expect(linkExpiry('')).toBeUndefined();
  expect(linkExpiry('recordings/call.zip?Expires=1795000000')).toBeUndefined();
});
