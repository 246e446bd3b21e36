import type { Container, MediaChoice, MixFormat, MixLayout } from '@rawreel/processor';
import { Argument, Command, CommanderError, Option } from 'commander';
import { UsageError } from '../failure/errors.ts';
import { shownAddress } from '../terminal/address.ts';
import { arrange } from './arrange.ts';
import { COMMANDS, type CommandName, type CommandSpec, type IdKind, type OptionSpec } from './commands.ts';
import { commandHelp, type HelpLook, programHelp } from './help.ts';

export type ListFormat = 'table' | 'json' | 'users' | 'sessions' | 'tracks' | 'completion';

/** By option name in camel case; what a command does not have is absent, as is what has no default and was not given. */
export interface ParsedOptions {
  readonly inputFile?: string;
  readonly inputDir?: string;
  readonly inputS3?: string;
  readonly s3Endpoint?: string;
  readonly cacheDir?: string;
  readonly cache?: boolean;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly trackId?: string;
  readonly trackType?: 'audio' | 'video';
  readonly format?: ListFormat | MixFormat;
  readonly completionType?: IdKind;
  readonly fillGaps?: boolean;
  readonly fixDtx?: boolean;
  readonly align?: 'track' | 'recording';
  readonly media?: MediaChoice;
  readonly includeSingle?: boolean;
  readonly container?: Container;
  readonly screenshare?: boolean;
  readonly layout?: MixLayout;
  readonly loudness?: string;
  readonly bitrate?: string;
  readonly mix?: boolean;
  readonly force?: boolean;
  readonly verify?: boolean;
  readonly output?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly acceptDamage?: boolean;
  readonly maxEntrySize?: string;
  readonly maxEntries?: string;
  readonly workers?: string;
}

export type Parsed =
  /** A help page or the version: to be printed, and done. */
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      readonly options: ParsedOptions;
      readonly argument?: string;
    };

/**
 * @param args without the runtime and the script
 * @throws UsageError for whatever the declarations do not allow
 */
export function parse(args: readonly string[], version: string, look: HelpLook): Parsed {
  let printed = '';
  let parsed: Parsed | undefined;
  const program = declare((command) => {
    parsed = command;
  }, look);
  program.version(version, '-V, --version');
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      // The pages come with colours or without: commander, which would look at the process, is not to strip them.
      getOutHasColors: () => true,
      writeErr: () => undefined,
      outputError: () => undefined,
    });
  }
  const words = args.length === 0 ? ['--help'] : arrange(args, COMMANDS);
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text: printed };
    throw usageErrorFrom(error, words);
  }
  // Without operands commander shows no page of its own accord when only options were given.
  return parsed ?? { kind: 'text', text: programHelp(look) };
}

function declare(chosen: (command: Parsed) => void, look: HelpLook): Command {
  const program = new Command('rawreel');
  program.configureHelp({ formatHelp: () => programHelp(look) });
  for (const spec of COMMANDS) {
    const command = program.command(spec.name).configureHelp({ formatHelp: () => commandHelp(spec, look) });
    for (const option of spec.options) for (const each of commanderOptions(option)) command.addOption(each);
    if (spec.argument) {
      command.addArgument(new Argument(`<${spec.argument.name}>`).choices([...spec.argument.choices]));
    }
    command.allowExcessArguments();
    command.action(() => {
      const [argument, stray] = spec.argument ? command.args : [undefined, ...command.args];
      if (stray !== undefined) throw strayWord(stray, command.parent?.args ?? [], spec);
      const options = command.opts<ParsedOptions>();
      chosen({ kind: 'command', name: spec.name, options, ...(argument !== undefined && { argument }) });
    });
  }
  return program;
}

function commanderOptions(spec: OptionSpec): Option[] {
  if (spec.value === undefined) {
    const negated = new Option(`--no-${spec.name}`).hideHelp();
    return [new Option(`--${spec.name}`).default(spec.default ?? false), negated];
  }
  const option = new Option(`--${spec.name} <${spec.value.placeholder}>`);
  if (spec.value.choices) option.choices([...spec.value.choices]);
  return [spec.default === undefined ? option : option.default(spec.default)];
}

/** Commander's sentence without its prefix, its suggestion as a line of its own, and where to read on. */
function usageErrorFrom(error: CommanderError, words: readonly string[]): UsageError {
  if (error.code === 'commander.help') {
    return new UsageError(`there is no command "${words[1]}" to help with`, [whereToRead(undefined)]);
  }
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const command = COMMANDS.find(({ name }) => name === words[0]);
  const hints = more.map((line) => line.replace(/^\((.*)\)$/, '$1'));
  return new UsageError(first, [...hints, whereToRead(command)]);
}

function whereToRead(command: CommandSpec | undefined): string {
  return `Options and examples: rawreel ${command ? `${command.name} ` : ''}--help`;
}

/** A word that belongs to no option is most often the value of a boolean, or the recording's path. */
function strayWord(word: string, words: readonly string[], command: CommandSpec): UsageError {
  const before = words[words.indexOf(word) - 1];
  const afterBoolean = command.options.some(({ name, value }) => !value && before === `--${name}`);
  const hints: string[] = [];
  if (/^(true|false)$/i.test(word) && afterBoolean)
    hints.push(`Write ${before}=${word.toLowerCase()}, in one word.`);
  else if (command.options.some(({ name }) => name === 'input-file')) {
    hints.push('A recording is named with --input-file, --input-dir or --input-s3.');
  }
  return new UsageError(`"${shownAddress(word)}" belongs to no option`, [...hints, whereToRead(command)]);
}
