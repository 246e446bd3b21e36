const HARMLESS = /^[\w@%+=:,./-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a plain quoted word must not carry
const CONTROLS = /[\u0000-\u001f\u007f]/;

/** One word of a POSIX shell's command line that can be pasted as it is. */
export function shellQuote(word: string): string {
  if (HARMLESS.test(word)) return word;
  if (!CONTROLS.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word
    .replace(/[\\']/g, (character) => `\\${character}`)
    .replace(new RegExp(CONTROLS, 'g'), (character) => {
      return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    });
  return `$'${escaped}'`;
}
