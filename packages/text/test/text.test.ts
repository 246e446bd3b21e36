import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, jsonText, printable, redactedUrl, someOf } from '../src/index.ts';

/** Per row: what it is, the character, how it is shown. */
const UNPRINTABLE: readonly (readonly [string, string, string])[] = [
  ['a line feed', '\n', '\\x0a'],
  ['escape', '\u001b', '\\x1b'],
  ['delete', '\u007f', '\\x7f'],
  ['C1: control sequence introducer', '\u009b', '\\x9b'],
  ['a soft hyphen', '\u00ad', '\\xad'],
  ['combining grapheme joiner', '\u034f', '\\u034f'],
  ['Arabic letter mark', '\u061c', '\\u061c'],
  ['Hangul filler', '\u3164', '\\u3164'],
  ['Mongolian vowel separator', '\u180e', '\\u180e'],
  ['zero width space', '\u200b', '\\u200b'],
  ['zero width joiner', '\u200d', '\\u200d'],
  ['right-to-left mark', '\u200f', '\\u200f'],
  ['line separator', '\u2028', '\\u2028'],
  ['right-to-left override', '\u202e', '\\u202e'],
  ['word joiner', '\u2060', '\\u2060'],
  ['first strong isolate', '\u2068', '\\u2068'],
  ['variation selector', '\ufe0f', '\\ufe0f'],
  ['byte order mark', '\ufeff', '\\ufeff'],
  ['interlinear annotation anchor', '\ufff9', '\\ufff9'],
  ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ['a lone surrogate', '\ud800', '\\ud800'],
];

describe('printable', () => {
  test.each(UNPRINTABLE)('%s is written out', (_name, character, shown) => {
    expect(printable(`a${character}b`)).toBe(`a${shown}b`);
  });

  test.each(['alice', 'Ünal', '李雷', 'محمد', '😀', 'a b', 'a\u00a0b', '👩‍👩‍👧', '👩🏽‍🦰', '❤️'])(
    '%s stays as it is',
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );

  test('no control character comes through, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('jsonText', () => {
  test.each(UNPRINTABLE)('%s is in no JSON, but in what is parsed of it', (_name, character) => {
    const value = { [`k${character}`]: [`a${character}b`] };
    const text = jsonText(value);
    expect(text.replaceAll('\n', '')).not.toContain(character);
    expect(JSON.parse(text)).toEqual(value);
  });

  test('any value comes back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        expect(JSON.parse(jsonText({ value, text }))).toEqual(JSON.parse(JSON.stringify({ value, text })));
      }),
    );
  });

  test('is indented by two and ends in a line feed', () => {
    expect(jsonText({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [9_999, '9999 bytes'],
  [10_000, '10.0 kB'],
  [41_500, '41.5 kB'],
  [99_949, '99.9 kB'],
  [99_951, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [412_000_000, '412 MB'],
  [1_200_000_000, '1.2 GB'],
  [5e15, '5.0 PB'],
  [2 ** 60, '1.2 EB'],
])('formatBytes of %d is %s', (count, text) => {
  expect(formatBytes(count)).toBe(text);
});

test.each([
  ['https://calls.example.com', 'https://calls.example.com'],
  ['https://calls.example.com/', 'https://calls.example.com'],
  ['http://127.0.0.1:8080/webhooks/stream', 'http://127.0.0.1:8080/webhooks/stream'],
  ['https://user:hush@a.example:444/b?X-Amz-Signature=hush#hush', 'https://a.example:444/b'],
  ['data:text/plain,hush', undefined],
  ['hush', undefined],
  ['', undefined],
])('redactedUrl of %s is %s', (text, shown) => {
  expect(redactedUrl(text)).toBe(shown);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a, b'],
  [[...'abcdefghij'], 'a, b, c, d, e, f, g, h, i, j'],
  [[...'abcdefghijkl'], 'a, b, c, d, e, f, g, h, i, j and 2 others'],
])('some of %j', (names, listed) => {
  expect(someOf(names)).toBe(listed);
});
