import { UNPRINTABLE } from './unprintable.ts';

/**
 * Foreign text as it may be shown: one line, harmless to a terminal. What is unprintable becomes `\x1b`, `\u202e` or
 * `\u{e0041}`, as JavaScript spells it.
 */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`;
}
