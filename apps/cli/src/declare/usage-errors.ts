import type { CommanderError } from 'commander';
import { nearest } from '../failure/did-you-mean.ts';
import { UsageError } from '../failure/errors.ts';
import { count } from '../terminal/format-values.ts';
import { redactedAddress } from '../terminal/redact-address.ts';
import type { CommandSpec } from './command-spec.ts';
import { argumentsOf, commandsOf, lastWord, type NamedOption, optionsOf, type Program } from './program.ts';

/** Commander's sentence, what was most likely meant, and where to read on. */
export function usageErrorFrom(
  error: CommanderError,
  words: readonly string[],
  program: Program,
): UsageError {
  if (error.code === 'commander.help') {
    return new UsageError(`no command "${words[1]}"`, [whereToRead(undefined)]);
  }
  const name = nameIn(words, program);
  const whatIsThere = program.topics.some((topic) => topic.name === name) ? 'Commands' : undefined;
  // What is given to an option that the command does not have may be a secret all the same.
  const message = error.message.replace(/^error: /, '').replace(/^(unknown option '--[^=']+)=.*'$/s, "$1'");
  return new UsageError(message, [
    ...hintsOn(error.code, message, name, program),
    whereToRead(name, whatIsThere),
  ]);
}

function hintsOn(code: string, message: string, name: string | undefined, program: Program): string[] {
  const { commands } = program;
  const quoted = /'(.*)'/s.exec(message)?.[1] ?? '';
  const command = commands.find((each) => each.name === name);
  switch (code) {
    case 'commander.unknownOption':
      return ofOtherOptions(quoted.replace(/^--?(no-)?/, ''), command, commands);
    case 'commander.unknownCommand':
      return ofOtherCommands(quoted, name, program);
    case 'commander.optionMissingArgument': {
      const flag = /^--([\w-]+)/.exec(quoted)?.[1];
      const option = command && optionsOf(command).find((each) => each.name === flag);
      const example = option && exampleOf(option, commands);
      return example === undefined ? [] : [`Example: --${flag} ${example}`];
    }
    case 'commander.missingArgument':
      return command?.examples.slice(0, 1).map(({ line }) => `Example: ${line}`) ?? [];
    default:
      return [];
  }
}

/** The option of this command that was most likely meant, or the commands that have what was typed, or nearly so. */
function ofOtherOptions(
  typed: string,
  command: CommandSpec | undefined,
  commands: readonly CommandSpec[],
): string[] {
  const own = namesIn(command ? [command] : []);
  const others = namesIn(commands).filter((name) => !own.includes(name));
  const near = nearest(typed, own);
  const nearOther = nearest(typed, others);
  const isOther = nearOther !== undefined && nearOther.apart < (near?.apart ?? Number.POSITIVE_INFINITY);
  return [
    ...(near !== undefined && (!isOther || near.apart < 1) ? [`Did you mean --${near.word}?`] : []),
    ...(isOther ? [whoHas(nearOther.word, typed, commands)] : []),
  ];
}

const namesIn = (commands: readonly CommandSpec[]): string[] => [
  ...new Set(commands.flatMap((command) => shownOptions(command).map(({ name }) => name))),
];

const shownOptions = (command: CommandSpec): NamedOption[] =>
  optionsOf(command).filter(({ hidden }) => !hidden);

const MOST_NAMED = 3;

function whoHas(flag: string, typed: string, commands: readonly CommandSpec[]): string {
  const all = commands.filter((command) => shownOptions(command).some(({ name }) => name === flag));
  const named = all.slice(0, MOST_NAMED).map(({ name }) => name);
  const others = all.length > MOST_NAMED ? ` and ${count(all.length - MOST_NAMED, 'other')}` : '';
  const question = flag === typed ? '' : `Did you mean --${flag}? `;
  return `${question}--${flag} is an option of ${named.join(', ')}${others}.`;
}

/** @param name the topic that the word stands behind, where there is one */
function ofOtherCommands(typed: string, name: string | undefined, { commands, topics }: Program): string[] {
  const siblings = (name === undefined ? [...commands, ...topics] : commandsOf(name, commands)).map((each) =>
    name === undefined ? each.name : lastWord(each.name),
  );
  const near = nearest(typed, siblings);
  if (near !== undefined) return [`Did you mean ${near.word}?`];
  const elsewhere = commands.filter((each) => each.name.includes(' ') && lastWord(each.name) === typed);
  return elsewhere.length === 0 ? [] : [`Did you mean ${elsewhere.map((each) => each.name).join(' or ')}?`];
}

/** A value as one would type it, from the declaration or from what commands show. */
export function exampleOf(option: NamedOption, commands: readonly CommandSpec[]): string | undefined {
  if (option.kind === 'flag') return undefined;
  const inExamples = new RegExp(` --${option.name} (\\S+)`);
  const shown = commands.flatMap(({ examples }) => examples).map(({ line }) => inExamples.exec(line)?.[1]);
  return option.example ?? option.choices?.[0] ?? shown.find((each) => each !== undefined);
}

/** As much of a command's name as the words begin with. */
function nameIn(
  [first = '', second = '']: readonly string[],
  { commands, topics }: Program,
): string | undefined {
  const names = [...commands, ...topics].map(({ name }) => name);
  return [`${first} ${second}`, first].find((name) => names.includes(name));
}

function whereToRead(name: string | undefined, what = 'Options and examples'): string {
  return `${what}: rawreel ${name === undefined ? '' : `${name} `}--help`;
}

/** Whether a word is meant for the boolean before it. */
export function isValueOfBoolean(word: string, words: readonly string[], command: CommandSpec): boolean {
  const before = words[words.indexOf(word) - 1];
  const isAfterBoolean = optionsOf(command).some(
    ({ name, kind }) => kind === 'flag' && before === `--${name}`,
  );
  return isAfterBoolean && /^(true|false)$/i.test(word);
}

/** A word that belongs to no option is most often the value of a boolean, or one recording too many. */
export function strayWord(word: string, words: readonly string[], command: CommandSpec): UsageError {
  const options = optionsOf(command);
  const hints: string[] = [];
  if (isValueOfBoolean(word, words, command))
    hints.push(`Write ${words[words.indexOf(word) - 1]}=${word.toLowerCase()}, without a space.`);
  else if (options.some(({ name }) => name === 'input-file')) {
    hints.push(`It takes ${count(argumentsOf(command).length, 'recording')}.`);
  }
  return new UsageError(`"${redactedAddress(word)}" is not an option or command`, [
    ...hints,
    whereToRead(command.name),
  ]);
}
