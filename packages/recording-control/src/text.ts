/**
 * C0 and C1 controls would move a terminal's cursor, line separators break a one-line message, and bidirectional marks make a name
 * read as another one. Lone surrogates cannot be written as UTF-8.
 */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** Foreign text as it may be shown: one line, harmless to a terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** Whatever the API or a proxy repeats of a request: signed tokens, private keys. */
const SECRET_SHAPES = [
  /\beyJ[\w-]*\.[\w-]+\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** The text without the given secrets and without what looks like one. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '');
  const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return SECRET_SHAPES.reduce((rest, shape) => rest.replace(shape, '…'), withoutKnown);
}
