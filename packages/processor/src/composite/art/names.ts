import type { DisplayName } from '../../plan/plan.ts';

/** What cannot be seen, or turns what is around it: all of Cc and Cf but the joiners that scripts and emoji are made with. */
const UNSEEN = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** A name as it is drawn: one line of letters, whatever stands in it. */
export function drawnName(userId: string, names: Readonly<Record<string, DisplayName>>): string {
  const name = Object.hasOwn(names, userId) ? names[userId]?.name : undefined;
  const line = (name ?? userId).toWellFormed().replace(/[\n\r\t\v\f\p{Zl}\p{Zp}]/gu, ' ');
  const seen = line.replace(UNSEEN, '').replace(/ +/g, ' ').trim();
  return seen === '' ? '?' : seen;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export const graphemesOf = (text: string): string[] =>
  Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);

/** The first letters of the first and the last word, a small number whole: `user-01` and `user-12` are told apart. Of one word, its first. */
export function initialsOf(name: string): string {
  const letters = name
    .split(/[\s._@-]+/u)
    .flatMap((word) =>
      /^\d{1,2}$/.test(word) ? word : (graphemesOf(word).find((each) => IS_LETTER.test(each)) ?? []),
    );
  const ends = letters.length > 1 ? [letters[0], letters.at(-1)] : [letters[0] ?? '?'];
  return ends.join('').toUpperCase();
}

/** What can stand for somebody: letters, digits and pictures. */
export const IS_LETTER = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** Scripts that a system often has no letters for, by the names of fonts that have; one letter of each. */
export const SCRIPTS: readonly (readonly [name: string, letters: RegExp, letter: string])[] = [
  ['Chinese or Japanese', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u, '王'],
  ['Korean', /\p{Script=Hangul}/u, '한'],
  ['Arabic', /\p{Script=Arabic}/u, 'ع'],
  ['Hebrew', /\p{Script=Hebrew}/u, 'ש'],
  ['Devanagari', /\p{Script=Devanagari}/u, 'अ'],
  ['Bengali', /\p{Script=Bengali}/u, 'অ'],
  ['Tamil', /\p{Script=Tamil}/u, 'அ'],
  ['Thai', /\p{Script=Thai}/u, 'ก'],
  ['emoji', /\p{Extended_Pictographic}/u, '🦊'],
];

/** What a letter is of. */
export const scriptOf = (letter: string): string =>
  SCRIPTS.find(([, letters]) => letters.test(letter))?.[0] ?? 'other scripts';
