/**
 * Controls, line and paragraph separators, direction overrides and lone surrogates: all that could move a cursor, fake
 * another line or turn text around when an archive's id is printed.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Foreign text on one line of a terminal; what is unprintable becomes `\x1b` or `\u202e`, as JavaScript spells it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/**
 * The id that a person means by text copied from our own output, where unprintable characters are escaped: an exact
 * match first, else the only id that prints like it.
 */
export function idAsPrinted(given: string, known: readonly string[]): string {
  if (known.includes(given)) return given;
  const alike = known.filter((id) => printable(id) === given);
  return alike.length === 1 && alike[0] !== undefined ? alike[0] : given;
}
