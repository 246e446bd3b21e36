import type { Container, MediaChoice, MixFormat, MixLayout } from '@rawreel/processor';
import { Argument, Command, CommanderError, Option } from 'commander';
import { arrange } from './arrange.ts';
import { COMMANDS, commandsOf, lastWord, TOPICS, topicOf } from './commands.ts';
import { commandHelp, type HelpLook, programHelp, topicHelp } from './help.ts';
import type { CommandName, CommandSpec, IdKind, OptionSpec } from './spec.ts';
import { strayWord, usageErrorFrom } from './usage-errors.ts';

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
  readonly apiKey?: string;
  readonly apiSecret?: string;
  readonly baseUrl?: string;
  readonly call?: string;
  readonly callType?: string;
  readonly allCallTypes?: boolean;
  readonly mode?: 'disabled' | 'available' | 'auto-on';
  readonly audioOnly?: boolean;
  readonly latest?: boolean;
  readonly all?: boolean;
  readonly session?: string;
  readonly filename?: string;
  readonly type?: 'raw' | 'all' | 's3' | 'gcs' | 'abs';
  readonly since?: string;
  readonly endedSince?: string;
  readonly until?: string;
  readonly timeout?: string;
  readonly requestTimeout?: string;
  readonly waitForSession?: string;
  readonly parallel?: string;
  readonly download?: boolean;
  readonly delete?: boolean;
  readonly process?: boolean;
  readonly yes?: boolean;
  readonly externalStorage?: string;
  readonly continueRecording?: boolean;
  readonly bucket?: string;
  readonly path?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: string;
  readonly role?: string;
  readonly url?: string;
  readonly sqs?: string;
  readonly sns?: string;
  readonly event?: string;
  readonly capabilities?: string;
  readonly tokenFile?: string;
  readonly state?: string;
  readonly limit?: string;
  readonly maxEntrySize?: string;
  readonly maxEntries?: string;
  readonly maxOutput?: string;
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
  const words = args.length === 0 ? ['--help'] : arrange(args, COMMANDS);
  let printed = '';
  let parsed: Parsed | undefined;
  const program = new Command('rawreel')
    .version(version, '-V, --version')
    .configureHelp({ formatHelp: () => programHelp(look) })
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
  const declareIn = (parent: Command) => (spec: CommandSpec) =>
    declare(spec, parent, look).action((...given) => {
      parsed = chosen(spec, given.at(-1) as Command, words);
    });
  COMMANDS.filter(({ name }) => topicOf(name) === undefined).forEach(declareIn(program));
  for (const topic of TOPICS) {
    const parent = program.command(topic.name).configureHelp({ formatHelp: () => topicHelp(topic, look) });
    commandsOf(topic.name).forEach(declareIn(parent));
  }
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

function declare(spec: CommandSpec, parent: Command, look: HelpLook): Command {
  const command = parent
    .command(lastWord(spec.name))
    .configureHelp({ formatHelp: () => commandHelp(spec, look) })
    .allowExcessArguments();
  for (const option of spec.options) for (const each of commanderOptions(option)) command.addOption(each);
  if (spec.argument) {
    const argument = new Argument(`<${spec.argument.name}>`);
    command.addArgument(spec.argument.choices ? argument.choices([...spec.argument.choices]) : argument);
  }
  return command;
}

function chosen(spec: CommandSpec, command: Command, words: readonly string[]): Parsed {
  const [argument, stray] = spec.argument ? command.args : [undefined, ...command.args];
  if (stray !== undefined) throw strayWord(stray, words, spec);
  const options = command.opts<ParsedOptions>();
  return { kind: 'command', name: spec.name, options, ...(argument !== undefined && { argument }) };
}

function commanderOptions(spec: OptionSpec): Option[] {
  if (spec.value === undefined) {
    const negated = new Option(`--no-${spec.name}`).hideHelp();
    return [withDefault(new Option(`--${spec.name}`), spec), negated];
  }
  const option = new Option(`--${spec.name} <${spec.value.placeholder}>`);
  if (spec.value.choices) option.choices([...spec.value.choices]);
  return [withDefault(option, spec)];
}

function withDefault(option: Option, { default: byDefault }: OptionSpec): Option {
  return byDefault === undefined ? option : option.default(byDefault);
}
