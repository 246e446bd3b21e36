import { ProcessorError } from '../../processor-error.ts';

/** What a command's words may name. */
export const PLACEHOLDERS = ['wav', 'flac', 'vtt', 'srt', 'json', 'base', 'folder'] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Files that a command is told to write. A command that is told of none of them prints the transcript. */
const WRITTEN: readonly Placeholder[] = ['vtt', 'srt', 'json', 'base', 'folder'];

/** A command that is run for each voice: words, never a line for a shell. */
export interface CommandTemplate {
  readonly words: readonly string[];
  readonly uses: ReadonlySet<Placeholder>;
  readonly prints: boolean;
}

/**
 * Splits a command line into words as a shell does, with quotes and backslashes and nothing else: no variables, no pipes.
 *
 * @throws {ProcessorError} ERR_TRANSCRIBER_COMMAND, in words for who wrote it
 */
export function readCommandTemplate(line: string): CommandTemplate {
  const words = wordsOf(line);
  if (words.length === 0) throw unusable('it names no program');
  const named = words.flatMap((word) => [...word.matchAll(/\{([a-z]+)\}/g)].map(([, name = '']) => name));
  const unknown = named.find((name) => !PLACEHOLDERS.some((known) => known === name));
  if (unknown !== undefined)
    throw unusable(`{${unknown}} is none of ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`);
  const uses = new Set(named as Placeholder[]);
  if (!uses.has('wav') && !uses.has('flac')) throw unusable('it has neither {wav} nor {flac}');
  return { words, uses, prints: !WRITTEN.some((name) => uses.has(name)) };
}

/** The words of a command for one voice; a value stays within its word, whatever it is made of. */
export const filledIn = (
  { words }: CommandTemplate,
  values: Readonly<Record<Placeholder, string>>,
): readonly string[] =>
  words.map((word) =>
    word.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name as Placeholder] ?? whole),
  );

function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    const next = line.charAt(index + 1);
    if (quote === character) quote = '';
    else if (quote === '' && /["']/.test(character)) {
      quote = character;
      word ??= '';
    } else if (character === '\\' && quote !== "'" && /["'\\ ]/.test(next)) {
      word = (word ?? '') + next;
      index++;
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') throw unusable(`a ${quote} has no end`);
  return word === undefined ? words : [...words, word];
}

const unusable = (message: string): ProcessorError =>
  new ProcessorError('ERR_TRANSCRIBER_COMMAND', message, {
    hint: 'Write the command as in a shell: whisper {flac} --output_dir {folder}',
  });
