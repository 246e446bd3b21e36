/** In the order of a help page. */
export const OPTION_GROUPS = ['Input', 'What', 'Output', 'Access', 'Advanced'] as const;

export type OptionGroup = (typeof OPTION_GROUPS)[number];

/** Lists of ids that `list-tracks` prints, and shells complete. */
export const ID_KINDS = ['users', 'sessions', 'tracks'] as const;

export type IdKind = (typeof ID_KINDS)[number];

export interface OptionFacts {
  readonly group: OptionGroup;
  /** A phrase; the help page adds the default and the choices. */
  readonly help: string;
  /** One letter, for `-o`. */
  readonly short?: string;
  /** Accepted, but without effect here: not shown. */
  readonly hidden?: boolean;
}

/** Written `--name`, `--name=true|false` or `--no-name`. */
export interface FlagOption<Value extends boolean | undefined = boolean | undefined> extends OptionFacts {
  readonly kind: 'flag';
  /** Undefined: neither on nor off until it is given. */
  readonly default: Value;
}

export interface ValueFacts extends OptionFacts {
  readonly completes?: 'file' | 'folder' | IdKind;
  /** A value as one would type it, where no example of a command has one. */
  readonly example?: string;
  /** As one would type it. */
  readonly default?: string;
  /** A command line without the option is a usage error. */
  readonly required?: true;
  /** Taken where the option is given alone: a word behind it is its value only if it looks like one. */
  readonly implied?: { readonly value: string; readonly looksLike: RegExp };
}

/** Written `--name value` or `--name=value`. */
export interface ValueOption<Value = unknown> extends ValueFacts {
  readonly kind: 'value';
  readonly placeholder: string;
  readonly choices?: readonly string[];
  /**
   * @param flag as in a message: `--name`
   * @throws UsageError where the text is no such value
   */
  read(text: string, flag: string): Value;
}

/** Written `--name value`, as often as there are values. */
export interface ListOption<Value = unknown>
  extends Omit<ValueOption<Value>, 'kind' | 'default' | 'required' | 'implied'> {
  readonly kind: 'list';
}

/** A word of a command that belongs to no option; several have their order. */
export interface Argument<Value = unknown> {
  readonly kind: 'argument';
  /** The command does without it; none that is needed may follow. */
  readonly optional?: true;
  /** As the help page shows it. */
  readonly placeholder: string;
  readonly choices?: readonly string[];
  read(text: string): Value;
}

/** All words of a command that belong to no option, as a shell makes them of a pattern. */
export interface RestArguments<Value = unknown> {
  readonly kind: 'rest';
  readonly placeholder: string;
  read(text: string): Value;
}

export type Option = FlagOption | ValueOption | ListOption;

/** What a command takes, by name in camel case: `inputFile` is `--input-file`. */
export type OptionTable = Readonly<Record<string, Option | Argument | RestArguments>>;

type Read<Declared> =
  Declared extends FlagOption<infer Value>
    ? Value
    : Declared extends ValueOption<infer Value>
      ? Value
      : Declared extends Argument<infer Value>
        ? Value
        : Declared extends ListOption<infer Value> | RestArguments<infer Value>
          ? readonly Value[]
          : never;

/** What a command is given: the values of its options, by the names of its table. */
export type OptionsOf<Table> = { readonly [Name in keyof Table]: Read<Table[Name]> };

/** `inputFile` as `--input-file`. */
export const flagOf = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
