import type { CommandSpec, OptionSpec } from '../declare/spec.ts';

export function shown(command: CommandSpec): OptionSpec[] {
  return command.options.filter(({ hidden }) => !hidden);
}

/** A boolean that is not off by default is of use in its negated form, too. */
export function hasNegation({ value, default: byDefault }: OptionSpec): boolean {
  return value === undefined && byDefault !== false;
}

/** What can be typed for an option. */
export function flagsOf(option: OptionSpec): string[] {
  return hasNegation(option) ? [`--${option.name}`, `--no-${option.name}`] : [`--${option.name}`];
}

/** An option that takes a value, and the command where it means something else than in all others. */
export interface ValuedOption {
  readonly option: OptionSpec;
  readonly onlyIn?: string;
}

/** Every option that takes a value, once for each meaning, the special ones first. */
export function valuedOptions(commands: readonly CommandSpec[]): ValuedOption[] {
  const usual = new Map<string, OptionSpec>();
  const special: ValuedOption[] = [];
  for (const command of commands) {
    for (const option of shown(command).filter(({ value }) => value)) {
      const known = usual.get(option.name) ?? option;
      usual.set(option.name, known);
      if (known.value?.choices?.join() !== option.value?.choices?.join()) {
        special.push({ option, onlyIn: command.name });
      }
    }
  }
  return [...special, ...[...usual.values()].map((option) => ({ option }))];
}

/** One single-quoted word, the same in bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
