import type { CommandSpec, TopicSpec } from './command-spec.ts';
import { type Argument, flagOf, type Option, type RestArguments } from './option.ts';

/** All that can be typed: what help pages, completions and usage errors are made from. */
export interface Program<Spec extends CommandSpec = CommandSpec> {
  readonly version: string;
  readonly commands: readonly Spec[];
  readonly topics: readonly TopicSpec[];
}

/** What can be typed first. */
export type Entry = CommandSpec | TopicSpec;

/** The commands of one word and the topics, in the order of the commands. */
export function entriesOf({ commands, topics }: Pick<Program, 'commands' | 'topics'>): readonly Entry[] {
  return [...new Set(commands.map((each) => topics.find(({ name }) => name === topicOf(each.name)) ?? each))];
}

/** The first word of two; undefined where the name has only one. */
export function topicOf(name: string): string | undefined {
  const blank = name.indexOf(' ');
  return blank < 0 ? undefined : name.slice(0, blank);
}

export function commandsOf<Spec extends CommandSpec>(topic: string, commands: readonly Spec[]): Spec[] {
  return commands.filter(({ name }) => topicOf(name) === topic);
}

/** The word that names a command among all commands, or among those of its topic. */
export function lastWord(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}

/** An option and what is typed for it, without the two hyphens. */
export type NamedOption = Option & { readonly name: string; readonly key: string };

export function optionsOf({ options }: CommandSpec): NamedOption[] {
  return Object.entries(options).flatMap(([key, option]) =>
    option.kind === 'argument' || option.kind === 'rest'
      ? []
      : [{ ...option, key, name: flagOf(key).slice(2) }],
  );
}

export type NamedArgument = Argument & { readonly key: string };

export const argumentsOf = ({ options }: CommandSpec): NamedArgument[] =>
  Object.entries(options).flatMap(([key, option]) =>
    option.kind === 'argument' ? [{ ...option, key }] : [],
  );

export const argumentOf = (command: CommandSpec): NamedArgument | undefined => argumentsOf(command)[0];

export type NamedRest = RestArguments & { readonly key: string };

/** The words that a command takes beside its options, where it takes any number. */
export function restOf({ options }: CommandSpec): NamedRest | undefined {
  for (const [key, option] of Object.entries(options)) if (option.kind === 'rest') return { ...option, key };
  return undefined;
}
