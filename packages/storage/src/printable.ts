/**
 * C0 and C1 controls would move a terminal's cursor, line separators break a one-line message, and bidirectional
 * marks make a name read as another one. Lone surrogates cannot be written as UTF-8.
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

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

export function formatBytes(count: number): string {
  if (count < 10_000) return `${count} ${count === 1 ? 'byte' : 'bytes'}`;
  let value = count / 1000;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
