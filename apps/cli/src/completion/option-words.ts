import type { CommandSpec } from '../declare/command-spec.ts';
import { type NamedOption, optionsOf } from '../declare/program.ts';

export const shownOptions = (command: CommandSpec): NamedOption[] =>
  optionsOf(command).filter(({ hidden }) => !hidden);

/** A boolean that is not off by default is of use in its negated form, too. */
export const hasNegation = (option: NamedOption): boolean =>
  option.kind === 'flag' && option.default !== false;

/** What can be typed for an option. */
export function flagsOf(option: NamedOption): string[] {
  return hasNegation(option) ? [`--${option.name}`, `--no-${option.name}`] : [`--${option.name}`];
}

export type NamedValueOption = Extract<NamedOption, { kind: 'value' | 'list' }>;

/** An option that takes a value, and the command where it means something else than in all others. */
export interface ValuedOption {
  readonly option: NamedValueOption;
  readonly onlyIn?: string;
}

/** Every option that takes a value, once for each meaning, the special ones first. */
export function valuedOptions(commands: readonly CommandSpec[]): ValuedOption[] {
  const usual = new Map<string, NamedValueOption>();
  const special: ValuedOption[] = [];
  for (const command of commands) {
    for (const option of shownOptions(command)) {
      if (option.kind === 'flag') continue;
      const known = usual.get(option.name) ?? option;
      usual.set(option.name, known);
      if (known.choices?.join() !== option.choices?.join()) special.push({ option, onlyIn: command.name });
    }
  }
  return [...special, ...[...usual.values()].map((option) => ({ option }))];
}

/** One single-quoted word, the same in bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Commands that work on one kind of tracks only: ids of others are not offered. */
export interface KindOfIds {
  readonly kind: 'audio' | 'video';
  readonly names: readonly string[];
}

export function kindsOfIds(commands: readonly CommandSpec[]): KindOfIds[] {
  return (['audio', 'video'] as const).map((kind) => ({
    kind,
    names: commands.filter(({ tracks }) => tracks === kind).map(({ name }) => name),
  }));
}

/** The same in bash and zsh. */
export const kindLine = ({ kind, names }: KindOfIds): string =>
  `      ${names.join('|')}) kind=(--track-type ${kind}) ;;`;
