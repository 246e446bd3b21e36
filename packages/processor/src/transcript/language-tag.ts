const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));

/** Codes of ISO 639-1 by the names that languages have in English, in small letters. */
function codesByName(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return new Map(
    codes.flatMap((code) => {
      const name = names.of(code);
      return name === undefined ? [] : [[name.toLowerCase(), code] as const];
    }),
  );
}

/** A language as BCP 47 has it, of what transcribers write: `en`, `en_us`, `English`; undefined for what is none. */
export function languageTag(language: string): string | undefined {
  if (/^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$/i.test(language)) return language.replaceAll('_', '-');
  return codesByName().get(language.toLowerCase());
}
