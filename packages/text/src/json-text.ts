import { UNPRINTABLE } from './unprintable.ts';

/**
 * A value as JSON that is harmless on a terminal: indented by two, and with `\u` escapes for what is unprintable in its
 * strings, so that whoever parses it gets the very strings.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(UNPRINTABLE, (character) => (character === '\n' ? character : escaped(character)))}\n`;
}

/** JSON knows escapes of UTF-16 units only (RFC 8259 §7). */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
