import { UNPRINTABLE } from './unprintable.ts';

/**
 * A value as JSON that is harmless on a terminal: indented by two, and with `\u` escapes for what is unprintable in its
 * strings, so that whoever parses it gets the very strings.
 */
export const jsonText = (value: unknown): string => harmless(JSON.stringify(value, null, 2));

/** The same on one line, for streams of values. */
export const jsonLine = (value: unknown): string => harmless(JSON.stringify(value));

const harmless = (text: string): string =>
  `${text.replace(UNPRINTABLE, (character) => (character === '\n' ? character : escaped(character)))}\n`;

/** JSON knows escapes of UTF-16 units only (RFC 8259 §7). */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
