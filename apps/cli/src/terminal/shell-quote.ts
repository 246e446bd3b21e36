import { printable } from '@rawreel/text';

const HARMLESS = /^[\w@%+=:,./-]+$/;

/** One word of a POSIX shell's command line that can be shown, and pasted as it is. */
export function shellQuote(word: string): string {
  if (HARMLESS.test(word)) return word;
  if (printable(word) === word) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${Array.from(word, inDollarQuotes).join('')}'`;
}

/** As bash, zsh and ksh take it; `\x85` would be an octet, and no character. */
function inDollarQuotes(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  if (printable(character) === character) return character;
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x80) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
