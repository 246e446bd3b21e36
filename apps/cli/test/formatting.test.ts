import { execFileSync } from 'node:child_process';
import { printable } from '@rawreel/text';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { closest } from '../src/failure/did-you-mean.ts';
import { clock, clockTenths, dateTime, percent, span } from '../src/terminal/format-values.ts';
import { idAsPrinted } from '../src/terminal/id-as-printed.ts';
import { shellQuote } from '../src/terminal/shell-quote.ts';
import { displayWidth } from '../src/terminal/width.ts';

describe('units', () => {
  it.each([
    [0, '0:00', '0:00.0'],
    [49, '0:00', '0:00.0'],
    [50, '0:00', '0:00.1'],
    [59_960, '1:00', '1:00.0'],
    [-200, '0:00', '-0:00.2'],
    [-61_000, '-1:01', '-1:01.0'],
    [2_537_000, '42:17', '42:17.0'],
    [3_599_999, '1:00:00', '1:00:00.0'],
    [36_000_000, '10:00:00', '10:00:00.0'],
  ])('%d ms are %s, or %s', (ms, seconds, tenths) => {
    expect([clock(ms), clockTenths(ms)]).toEqual([seconds, tenths]);
  });

  it.each([
    [80, '80 ms'],
    [999, '999 ms'],
    [999.6, '1.0 s'],
    [3100, '3.1 s'],
    [9960, '10 s'],
    [34_400, '34 s'],
    [59_900, '1:00'],
    [250_000, '4:10'],
  ])('a span of %d ms is %s', (ms, text) => expect(span(ms)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.000_01, 'less than 0.01 %'],
    [0.000_4, '0.04 %'],
    [0.0128, '1.3 %'],
    [0.12, '12 %'],
    [1, '100 %'],
  ])('%d is %s', (share, text) => expect(percent(share)).toBe(text));

  it('dates are in UTC, and impossible ones unknown', () => {
    expect(dateTime(Date.UTC(2026, 1, 3, 4, 5, 6))).toBe('3 Feb 2026 04:05:06 UTC');
    expect(dateTime(1e300)).toBe('unknown start');
  });
});

describe('an id as it was printed', () => {
  it('leads back to the id, unless two ids print alike', () => {
    expect(idAsPrinted('a\\x0ab', ['a\nb', 'c'])).toBe('a\nb');
    expect(idAsPrinted('a\\x0ab', ['a\nb', 'a\\x0ab'])).toBe('a\\x0ab');
    expect(idAsPrinted('nobody', ['a', 'b'])).toBe('nobody');
  });
});

describe('the width of a text', () => {
  it('is the exact measure for every character that is not worth loading it for', () => {
    for (let code = 0x20; code < 0x300; code += 1) {
      const character = String.fromCharCode(code);
      expect([code, displayWidth(character)]).toEqual([code, stringWidth(character)]);
    }
  });

  it('knows wide, combined and invisible ones', () => {
    expect(['田中', '🧑‍🚀', 'e\u0301', '\u200b'].map(displayWidth)).toEqual([4, 2, 1, 0]);
  });
});

describe('did you mean', () => {
  const known = ['alice', 'bob', 'Carol', '24af01d9-b1aa', '24bf99d9-c2bb'];
  it.each([
    ['alcie', 'alice'],
    ['ALICE', 'alice'],
    ['carol', 'Carol'],
    ['24af', '24af01d9-b1aa'],
    ['24af01d9-b1ab', '24af01d9-b1aa'],
    ['bo', undefined],
    ['24', undefined],
    ['x', undefined],
    ['', undefined],
    ['mallory', undefined],
  ])('"%s" is close to %s', (given, id) => expect(closest(given, known)).toBe(id));
});

describe('a quoted word', () => {
  it('is left alone when it is harmless', () => {
    expect(shellQuote('./a-b/c_1.zip')).toBe('./a-b/c_1.zip');
    expect(shellQuote('my call.zip')).toBe("'my call.zip'");
  });

  it('is what a shell gives back', () => {
    const words = [
      '',
      'a b',
      "it's",
      '"$(rm)"',
      '`x`',
      '\\',
      'a\nb',
      "\t'\\",
      '~',
      '-',
      '*?',
      'ü',
      '!x',
      '\u202e\u200bé',
      '\u0085',
      '\u{e0041}',
    ];
    const script = words.map((word) => `printf '%s\\0' ${shellQuote(word)}`).join('\n');
    expect(script.replaceAll('\n', '')).toBe(printable(script.replaceAll('\n', '')));
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const back = execFileSync('bash', ['-c', script], { encoding: 'utf8', env });
    expect(back.split('\0').slice(0, -1)).toEqual(words);
  });
});
