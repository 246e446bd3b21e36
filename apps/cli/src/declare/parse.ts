import { CommanderError, Command as Parser, Option as ParserOption } from 'commander';
import type { Command } from './command.ts';
import { commandHelp, type HelpLook, programHelp, topicHelp } from './help.ts';
import { normalizeArguments } from './normalize-arguments.ts';
import {
  argumentsOf,
  commandsOf,
  lastWord,
  type NamedOption,
  optionsOf,
  type Program,
  restOf,
  topicOf,
} from './program.ts';
import type { GivenWords } from './read-options.ts';
import { isValueOfBoolean, strayWord, usageErrorFrom } from './usage-errors.ts';

export type Parsed =
  /** A help page or the version: to be printed, and done. */
  | { readonly kind: 'text'; readonly text: string }
  /** What was typed for it is not looked at yet. */
  | { readonly kind: 'command'; readonly command: Command; readonly words: GivenWords };

/**
 * @param args without the runtime and the script
 * @throws UsageError for commands, options and words that are not declared, and for what is missing behind an option
 */
export function parse(args: readonly string[], program: Program<Command>, look: HelpLook): Parsed {
  const { commands, topics, version } = program;
  const words = args.length === 0 ? ['--help'] : normalizeArguments(args, commands);
  let printed = '';
  let parsed: Parsed | undefined;
  const root = new Parser('rawreel')
    .version(version, '-V, --version')
    .configureHelp({ formatHelp: () => programHelp(program, look) })
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      // The pages come with colours or without: commander, which would look at the process, is not to strip them.
      getOutHasColors: () => true,
      writeErr: () => undefined,
      outputError: () => undefined,
    });
  const addTo =
    (parent: Parser) =>
    (command: Command): void => {
      const parser = parserOf(command, parent, look);
      parser.action(() => {
        parsed = { kind: 'command', command, words: wordsFor(command, parser, words) };
      });
    };
  commands.filter(({ name }) => topicOf(name) === undefined).forEach(addTo(root));
  for (const topic of topics) {
    const parent = root
      .command(topic.name)
      .configureHelp({ formatHelp: () => topicHelp(topic, program, look) });
    commandsOf(topic.name, commands).forEach(addTo(parent));
  }
  try {
    root.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text: printed };
    throw usageErrorFrom(error, words, program);
  }
  // Without operands commander shows no page of its own accord when only options were given.
  return parsed ?? { kind: 'text', text: programHelp(program, look) };
}

function parserOf(command: Command, parent: Parser, look: HelpLook): Parser {
  const parser = parent
    .command(lastWord(command.name))
    .configureHelp({ formatHelp: () => commandHelp(command, look) })
    .allowExcessArguments();
  for (const option of optionsOf(command)) for (const each of parserOptions(option)) parser.addOption(each);
  for (const { optional, placeholder } of argumentsOf(command))
    parser.argument(optional ? `[${placeholder}]` : `<${placeholder}>`);
  return parser;
}

/** Values and defaults are read later, from the declaration: an option that was not typed is absent here. */
function parserOptions(option: NamedOption): ParserOption[] {
  const { name } = option;
  switch (option.kind) {
    case 'flag':
      return [new ParserOption(`--${name}`), new ParserOption(`--no-${name}`)];
    case 'value':
      return [new ParserOption(`--${name} <${option.placeholder}>`)];
    case 'list':
      return [
        new ParserOption(`--${name} <${option.placeholder}>`).argParser(
          (text: string, before: readonly string[] = []) => [...before, text],
        ),
      ];
    default:
      return option satisfies never;
  }
}

function wordsFor(command: Command, parser: Parser, words: readonly string[]): GivenWords {
  const rest = restOf(command);
  const misplaced = parser.args.find((word) => isValueOfBoolean(word, words, command));
  if (rest !== undefined && misplaced === undefined) return { ...parser.opts(), [rest.key]: parser.args };
  const named = argumentsOf(command);
  const stray = misplaced ?? parser.args[named.length];
  if (stray !== undefined) throw strayWord(stray, words, command);
  return {
    ...parser.opts(),
    ...Object.fromEntries(named.map(({ key }, index) => [key, parser.args[index]])),
  };
}
