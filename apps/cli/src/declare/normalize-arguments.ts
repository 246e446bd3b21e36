import { UsageError } from '../failure/errors.ts';
import type { CommandSpec } from './command-spec.ts';
import { commandsOf, type NamedOption, optionsOf } from './program.ts';
import { wordsOfStreamCli } from './words-of-stream-cli.ts';

/** What Go's strconv.ParseBool takes, so that a script written for a Go program keeps its meaning. */
const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/**
 * Brings a command line into the form that the parser knows. Options may stand before each word of the command's name, and
 * a boolean may carry its value after an equals sign (never as a word of its own).
 *
 * @throws UsageError where such a value is neither true nor false, where there are options but no command, and for the words that
 *   Stream's command line has before a command
 */
export function normalizeArguments(args: readonly string[], commands: readonly CommandSpec[]): string[] {
  const [leading, rest] = splitLeadingOptions(args, commands);
  if (rest.length === 0 && leading.length > 0) {
    throw new UsageError('no command given', ['List the commands: rawreel --help']);
  }
  const foreign = wordsOfStreamCli(leading, rest);
  if (foreign !== undefined) throw foreign;
  // The parser's own help knows one word.
  const asksForHelp = rest[0] === 'help';
  const [command, words] = splitName(asksForHelp ? rest.slice(1) : rest, commands);
  if (command === undefined) {
    const isTopicAlone = rest.length === 1 && commandsOf(rest[0] ?? '', commands).length > 0;
    return [...rest, ...(isTopicAlone ? ['--help'] : leading)];
  }
  const options = optionsOf(command);
  const given = spellBooleans(longForms([...leading, ...words], options), options);
  return [...command.name.split(' '), ...(asksForHelp ? ['--help'] : given)];
}

/** The command that the first word or the first two name, and the words that are left. */
function splitName(
  words: readonly string[],
  commands: readonly CommandSpec[],
): [command: CommandSpec | undefined, rest: readonly string[]] {
  const [first = '', ...after] = words;
  const command = commands.find(({ name }) => name === first);
  if (command !== undefined) return [command, after];
  const [between, [second = '', ...rest]] = splitLeadingOptions(after, commandsOf(first, commands));
  return [commands.find(({ name }) => name === `${first} ${second}`), [...between, ...rest]];
}

function splitLeadingOptions(
  args: readonly string[],
  commands: readonly CommandSpec[],
): [string[], string[]] {
  const all = commands.flatMap(optionsOf);
  let position = 0;
  while (position < args.length) {
    const [name, hasValue] = splitFlag(longForm(args[position] ?? '', all).at(-1) ?? '');
    const option = all.find(
      (each) => each.name === name || (each.kind === 'flag' && `no-${each.name}` === name),
    );
    if (option === undefined) break;
    position += !hasValue && takesNext(option, args[position + 1]) ? 2 : 1;
  }
  return [args.slice(0, position), args.slice(position)];
}

/**
 * Of a boolean the last one counts, so that a script may add its own. Of two values of an option that takes one, one would go
 * unnoticed.
 *
 * @throws UsageError for such an option that is given twice, and where another option stands in the place of a path
 */
function spellBooleans(args: readonly string[], options: readonly NamedOption[]): string[] {
  const spelled: string[] = [];
  const valued = new Set<string>();
  for (let position = 0; position < args.length; position += 1) {
    const arg = args[position] ?? '';
    if (arg === '--') return [...spelled, ...args.slice(position)];
    const [name, hasValue] = splitFlag(arg);
    const option = options.find((each) => each.name === name);
    if (option === undefined) spelled.push(arg);
    else if (option.kind === 'flag')
      spelled.push(hasValue ? booleanFlag(option.name, arg.slice(arg.indexOf('=') + 1)) : arg);
    else {
      if (option.kind === 'value' && valued.has(option.name)) throw givenTwice(option.name);
      valued.add(option.name);
      if (!hasValue && takesNext(option, args[position + 1])) {
        checkPath(option, args[position + 1], options);
        spelled.push(arg, ...args.slice(position + 1, position + 2));
        position += 1;
      } else if (!hasValue && option.kind === 'value' && option.implied !== undefined)
        spelled.push(`${arg}=${option.implied.value}`);
      else spelled.push(arg);
    }
  }
  return spelled;
}

/** Words with the long form of each short option; values stay as they are. */
function longForms(args: readonly string[], options: readonly NamedOption[]): string[] {
  const long: string[] = [];
  for (let position = 0; position < args.length; position += 1) {
    const arg = args[position] ?? '';
    if (arg === '--') return [...long, ...args.slice(position)];
    long.push(...longForm(arg, options));
    const [name, hasValue] = splitFlag(long.at(-1) ?? '');
    const option = options.find((each) => each.name === name);
    if (option === undefined || hasValue || !takesNext(option, args[position + 1])) continue;
    position += 1;
    long.push(...args.slice(position, position + 1));
  }
  return long;
}

/** The long options that a word of short ones stands for: `-o`, `-oout`, `-o=out`, `-qv`. Any other word as it is. */
function longForm(word: string, options: readonly NamedOption[]): string[] {
  const [, letter, rest = ''] = /^-([a-z])(.*)$/is.exec(word) ?? [];
  const option = letter === undefined ? undefined : options.find(({ short }) => short === letter);
  if (option === undefined) return [word];
  const long = `--${option.name}`;
  if (rest === '') return [long];
  if (option.kind !== 'flag') return [`${long}=${rest.replace(/^=/, '')}`];
  return rest.startsWith('=') ? [long + rest] : [long, ...longForm(`-${rest}`, options)];
}

/** An id may look like an option; a path that does so was most likely forgotten. */
function checkPath(
  { name, completes }: Exclude<NamedOption, { kind: 'flag' }>,
  word: string | undefined,
  options: readonly NamedOption[],
): void {
  if (word === undefined || (completes !== 'file' && completes !== 'folder') || !isOptionOf(options, word))
    return;
  throw new UsageError(`--${name} takes a path, and ${word} is an option`, [
    `If that is its name, write --${name} ./${word}`,
  ]);
}

function isOptionOf(options: readonly NamedOption[], word: string): boolean {
  const [given] = splitFlag(longForm(word, options)[0] ?? '');
  return options.some(({ name, kind }) => name === given || (kind === 'flag' && `no-${name}` === given));
}

const givenTwice = (name: string): UsageError =>
  new UsageError(`--${name} is given twice`, ['It takes one value: run the command once per value.']);

function takesNext(option: NamedOption, next = ''): boolean {
  if (option.kind !== 'value') return option.kind === 'list';
  return option.implied === undefined || option.implied.looksLike.test(next);
}

function booleanFlag(name: string, value: string): string {
  if (TRUE.has(value)) return `--${name}`;
  if (FALSE.has(value)) return `--no-${name}`;
  throw new UsageError(`--${name} takes true or false, not "${value}"`, [
    `On: --${name}   Off: --${name}=false or --no-${name}`,
  ]);
}

function splitFlag(arg: string): [name: string | undefined, hasValue: boolean] {
  const match = /^--([^=]+)(=)?/.exec(arg);
  return [match?.[1], match?.[2] !== undefined];
}
