import { join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { destinationFor, fileName, templateProblem } from '../../src/work/template.ts';

const TEMPLATE = '{date}/{callType}/{callId}/{startedAt}';
const startMs = Date.UTC(2026, 10, 20, 9, 30, 2, 7);
const at = (base: string, callCid: string, template = TEMPLATE) =>
  destinationFor(base, template, { apiKey: 'key', callCid, startMs });

test('a recording has a place below the base, in UTC', () => {
  expect(at('/media', 'default:standup')).toBe('/media/2026-11-20/default/standup/2026-11-20T09-30-02.007Z');
  expect(at('s3://bucket/calls/', 'default:standup')).toBe(
    's3://bucket/calls/2026-11-20/default/standup/2026-11-20T09-30-02.007Z',
  );
  expect(at('media', 'default:a:b', 'x-{apiKey}/{callId}')).toBe(join(process.cwd(), 'media/x-key/a%3Ab'));
  expect(
    destinationFor('/media', '{sessionId}', { apiKey: 'k', callCid: 'a:b', sessionId: 's/1', startMs }),
  ).toBe('/media/s%2F1');
});

test.each([
  ['..', '%2E%2E'],
  ['.', '%2E'],
  ['.ssh', '%2Essh'],
  ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
  ['a/b', 'a%2Fb'],
  ['a\\b', 'a%5Cb'],
  ['a%2Fb', 'a%252Fb'],
  ['-rf', '%2Drf'],
  ['C:', 'C%3A'],
  ['con', '%63on'],
  ['NUL.mkv', '%4EUL.mkv'],
  ['console', 'console'],
  ['end.', 'end%2E'],
  ['end ', 'end%20'],
  ['a\nb\u0000', 'a%0Ab%00'],
  ['a\u202eb', 'a%E2%80%AEb'],
  ['half \ud800', 'half %ud800'],
  ['', '%'],
  ['Besprechung Köln 会議', 'Besprechung Köln 会議'],
  ['{date}', '{date}'],
])('%j is the file name %j', (value, name) => {
  expect(fileName(value)).toBe(name);
});

test('a long name is cut between characters, and is still of this value alone', () => {
  const [one, other] = [fileName(`${'é'.repeat(200)}1`), fileName(`${'é'.repeat(200)}2`)];
  expect(one).toMatch(/^é{41}~[0-9a-f]{16}$/);
  expect(one).not.toBe(other);
});

test('no call leads out of the base, or to the place of another one', () => {
  const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 120 });
  const hostile = fc.oneof(
    id,
    fc
      .array(fc.constantFrom('..', '/', '\\', '.', 'a', ':', '%', '~'), { minLength: 1 })
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      const places = [one, other].map((callId) => at('/media', `default:${callId}`));
      for (const place of places) expect(relative('/media', place).split(sep)).toHaveLength(4);
      expect(places[0] === places[1]).toBe(one === other);
    }),
  );
});

describe('a template', () => {
  test.each([TEMPLATE, 'calls', '{callType}_{callId}/raw', '{date}/.hidden/..x'])('%s is one', (template) => {
    expect(templateProblem(template)).toBeUndefined();
  });
  test.each([
    ['{date}/{user}', '{user} is nothing to name'],
    ['{date', 'a brace is not closed'],
    ['{date}}', 'a brace is not closed'],
    ['/{date}', 'it begins or ends with /'],
    ['{date}/', 'it begins or ends with /'],
    ['a//b', 'it begins or ends with /'],
    ['../{date}', 'a folder . or ..'],
    ['{date}/./x', 'a folder . or ..'],
    ['C:{date}', 'folders are parted by /'],
    ['a\\{date}', 'folders are parted by /'],
    ['a\n', 'folders are parted by /'],
  ])('%j is none', (template, problem) => {
    expect(templateProblem(template)).toContain(problem);
  });
});
