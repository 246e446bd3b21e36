import type { CommanderError } from 'commander';
import { nearest } from '../failure/did-you-mean.ts';
import { UsageError } from '../failure/errors.ts';
import { shownAddress } from '../terminal/address.ts';
import { COMMANDS, commandsOf, lastWord, TOPICS } from './commands.ts';
import type { CommandSpec, OptionSpec } from './spec.ts';

/** Commander's sentence, what was most likely meant, and where to read on. */
export function usageErrorFrom(error: CommanderError, words: readonly string[]): UsageError {
  if (error.code === 'commander.help') {
    return new UsageError(`there is no command "${words[1]}" to help with`, [whereToRead(undefined)]);
  }
  const name = nameIn(words);
  // What is given to an option that the command does not have may be a secret all the same.
  const message = error.message.replace(/^error: /, '').replace(/^(unknown option '--[^=']+)=.*'$/s, "$1'");
  return new UsageError(message, [...hintsOn(error.code, message, name), whereToRead(name)]);
}

function hintsOn(code: string, message: string, name: string | undefined): string[] {
  const quoted = /'(.*)'/s.exec(message)?.[1] ?? '';
  const command = COMMANDS.find((each) => each.name === name);
  switch (code) {
    case 'commander.unknownOption':
      return ofOtherOptions(quoted.replace(/^--?(no-)?/, ''), command);
    case 'commander.unknownCommand':
      return ofOtherCommands(quoted, name);
    case 'commander.optionMissingArgument': {
      const flag = /^--([\w-]+)/.exec(quoted)?.[1];
      const option = command?.options.find((each) => each.name === flag);
      const example = option && exampleOf(option);
      return example === undefined ? [] : [`Such as: --${flag} ${example}`];
    }
    case 'commander.missingArgument':
      return command?.examples.slice(0, 1).map(({ line }) => `Such as: ${line}`) ?? [];
    default:
      return [];
  }
}

/** The option of this command that was most likely meant, or the commands that have what was typed, or nearly so. */
function ofOtherOptions(typed: string, command: CommandSpec | undefined): string[] {
  const own = namesIn(command ? [command] : []);
  const others = namesIn(COMMANDS).filter((name) => !own.includes(name));
  const near = nearest(typed, own);
  const nearOther = nearest(typed, others);
  const isOther = nearOther !== undefined && nearOther.apart < (near?.apart ?? Number.POSITIVE_INFINITY);
  return [
    ...(near !== undefined && (!isOther || near.apart < 1) ? [`Did you mean --${near.word}?`] : []),
    ...(isOther ? [whoHas(nearOther.word, typed)] : []),
  ];
}

const namesIn = (commands: readonly CommandSpec[]): string[] => [
  ...new Set(
    commands.flatMap(({ options }) => options.filter(({ hidden }) => !hidden).map(({ name }) => name)),
  ),
];

const MOST_NAMED = 3;

function whoHas(flag: string, typed: string): string {
  const all = COMMANDS.filter(({ options }) => options.some(({ name, hidden }) => name === flag && !hidden));
  const named = all.slice(0, MOST_NAMED).map(({ name }) => name);
  const others = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} others` : '';
  const question = flag === typed ? '' : `Did you mean --${flag}? `;
  return `${question}--${flag} is an option of ${named.join(', ')}${others}.`;
}

/** @param name the topic that the word stands behind, where there is one */
function ofOtherCommands(typed: string, name: string | undefined): string[] {
  const siblings = (name === undefined ? [...COMMANDS, ...TOPICS] : commandsOf(name)).map((each) =>
    name === undefined ? each.name : lastWord(each.name),
  );
  const near = nearest(typed, siblings);
  if (near !== undefined) return [`Did you mean ${near.word}?`];
  const elsewhere = COMMANDS.filter((each) => each.name.includes(' ') && lastWord(each.name) === typed);
  return elsewhere.length === 0 ? [] : [`Did you mean ${elsewhere.map((each) => each.name).join(' or ')}?`];
}

/** A value as one would type it, from the declaration or from what commands show. */
export function exampleOf({ name, value }: OptionSpec): string | undefined {
  const inExamples = new RegExp(` --${name} (\\S+)`);
  const shown = COMMANDS.flatMap(({ examples }) => examples).map(({ line }) => inExamples.exec(line)?.[1]);
  return value?.example ?? value?.choices?.[0] ?? shown.find((each) => each !== undefined);
}

/** As much of a command's name as the words begin with. */
function nameIn([first = '', second = '']: readonly string[]): string | undefined {
  const names = [...COMMANDS, ...TOPICS].map(({ name }) => name);
  return [`${first} ${second}`, first].find((name) => names.includes(name));
}

function whereToRead(name: string | undefined): string {
  const what = TOPICS.some((topic) => topic.name === name) ? 'Its commands' : 'Options and examples';
  return `${what}: rawreel ${name === undefined ? '' : `${name} `}--help`;
}

/** A word that belongs to no option is most often the value of a boolean, or the recording's path. */
export function strayWord(word: string, words: readonly string[], command: CommandSpec): UsageError {
  const before = words[words.indexOf(word) - 1];
  const afterBoolean = command.options.some(({ name, value }) => !value && before === `--${name}`);
  const hints: string[] = [];
  if (/^(true|false)$/i.test(word) && afterBoolean)
    hints.push(`Write ${before}=${word.toLowerCase()}, in one word.`);
  else if (command.options.some(({ name }) => name === 'input-file')) {
    hints.push('A recording is named with --input-file, --input-dir or --input-s3.');
  }
  return new UsageError(`"${shownAddress(word)}" belongs to no option`, [
    ...hints,
    whereToRead(command.name),
  ]);
}
