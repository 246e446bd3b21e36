import type { CommandSpec, OptionSpec } from '../declare/commands.ts';

export function shown(command: CommandSpec): OptionSpec[] {
  return command.options.filter(({ hidden }) => !hidden);
}

/** What can be typed for an option: a boolean that is on by default is of use in its negated form. */
export function flagsOf({ name, value, default: byDefault }: OptionSpec): string[] {
  return value === undefined && byDefault === true ? [`--${name}`, `--no-${name}`] : [`--${name}`];
}

/** Every option that takes a value, each once: a name means the same in every command. */
export function valuedOptions(commands: readonly CommandSpec[]): OptionSpec[] {
  const byName = new Map<string, OptionSpec>();
  for (const option of commands.flatMap(shown)) if (option.value) byName.set(option.name, option);
  return [...byName.values()];
}

/** One single-quoted word, the same in bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
