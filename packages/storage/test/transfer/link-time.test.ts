import { expect, test } from 'vitest';
import { linkEndsAt } from '../../src/transfer/link-time.ts';

test.each([
  ['AWS, version 4', 'X-Amz-Date=20261120T093000Z&X-Amz-Expires=3600', '2026-11-20T10:30:00Z'],
  ['Google, version 4', 'X-Goog-Date=20261120T093000Z&X-Goog-Expires=60', '2026-11-20T09:31:00Z'],
  ['AWS and Google, version 2, and CloudFront', 'Expires=1795000000', '2026-11-18T11:06:40Z'],
  ['Azure', 'se=2026-11-20T09%3A30%3A00Z&sig=x', '2026-11-20T09:30:00Z'],
  ['Azure, by the day', 'se=2026-11-20&sig=x', '2026-11-20T00:00:00Z'],
  ['nothing', 'se=2026-11-20', undefined],
  ['nothing that is a time', 'Expires=never&X-Amz-Date=x&X-Amz-Expires=60', undefined],
])('a link ends when it says: %s', (_, query, expected) => {
  const end = linkEndsAt(new URL(`https://host/path?${query}`));
  expect(end).toBe(expected === undefined ? undefined : Date.parse(expected));
});
