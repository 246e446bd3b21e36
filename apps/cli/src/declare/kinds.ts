import { UsageError } from '../failure/errors.ts';
import type {
  Argument,
  FlagOption,
  ListOption,
  OptionFacts,
  RestArguments,
  ValueFacts,
  ValueOption,
} from './option.ts';
import { readBytes, readDecimal, readDuration, readTime, readWhole } from './read-values.ts';
import { emptyValue } from './value-errors.ts';

/** An option that has a value on every command line. */
type Assured = { readonly default: string } | { readonly required: true };

/** What makes an option of a kind: its value is undefined only where nothing assures one. */
interface Kind<Value, Facts extends ValueFacts = ValueFacts> {
  (facts: Facts & Assured): ValueOption<Value>;
  (facts: Facts): ValueOption<Value | undefined>;
}

export function flag(facts: OptionFacts & { readonly default: boolean }): FlagOption<boolean>;
export function flag(facts: OptionFacts): FlagOption<boolean | undefined>;
export function flag(facts: OptionFacts & { readonly default?: boolean }): FlagOption {
  return { kind: 'flag', default: undefined, ...facts };
}

interface TextFacts extends ValueFacts {
  readonly placeholder: string;
  readonly mayBeEmpty?: true;
  /** What to do instead of giving an empty one. */
  readonly emptyHint?: string;
}

/** Any text but an empty one, which most often is a variable that is not set. */
export const text: Kind<string, TextFacts> = (facts: TextFacts) => ({
  kind: 'value' as const,
  ...facts,
  read: (given: string, name: string) => {
    if (given === '' && !facts.mayBeEmpty) throw emptyValue(name, facts.emptyHint);
    return given;
  },
});

interface ChoiceFacts<Word extends string> extends ValueFacts {
  readonly placeholder: string;
  readonly choices: readonly Word[];
}

/** One of several words. */
export function choice<const Word extends string>(
  facts: ChoiceFacts<Word> & ({ readonly default: NoInfer<Word> } | { readonly required: true }),
): ValueOption<Word>;
export function choice<const Word extends string>(facts: ChoiceFacts<Word>): ValueOption<Word | undefined>;
export function choice<const Word extends string>(facts: ChoiceFacts<Word>): ValueOption<Word> {
  return { kind: 'value', ...facts, read: (given, name) => oneOf(facts.choices, given, name) };
}

function oneOf<Word extends string>(choices: readonly Word[], given: string, name: string): Word {
  const word = choices.find((each) => each === given);
  if (word !== undefined) return word;
  throw new UsageError(`${name} takes one of ${choices.join(', ')}, not "${given}"`);
}

/** A size: `500M`, `2G` and the like in powers of 1024, as a number of bytes. */
export const bytes: Kind<number> = (facts: ValueFacts) => ({
  kind: 'value' as const,
  placeholder: 'size',
  ...facts,
  read: readBytes,
});

interface CountFacts extends ValueFacts {
  readonly placeholder?: string;
  readonly example: string;
  /** Default: 1. */
  readonly from?: number;
  readonly to?: number;
  /** `kbit/s` */
  readonly unit?: string;
}

/** A whole number. */
export const count: Kind<number, CountFacts> = (facts: CountFacts) => ({
  kind: 'value' as const,
  placeholder: 'count',
  ...facts,
  read: (given: string, name: string) => readWhole(given, name, facts),
});

interface DecimalFacts extends ValueFacts {
  readonly placeholder: string;
  readonly example: string;
  readonly from: number;
  readonly to: number;
}

/** A number with or without a fraction; its placeholder is its unit. */
export const decimal: Kind<number, DecimalFacts> = (facts: DecimalFacts) => ({
  kind: 'value' as const,
  ...facts,
  read: (given: string, name: string) => readDecimal(given, name, { unit: facts.placeholder, ...facts }),
});

/** How long: `90s`, `15m`, `2h`, in milliseconds. */
export const duration: Kind<number> = (facts: ValueFacts) => ({
  kind: 'value' as const,
  placeholder: 'duration',
  ...facts,
  read: readDuration,
});

/** When: an RFC 3339 time with its zone. */
export const time: Kind<Date> = (facts: ValueFacts) => ({
  kind: 'value' as const,
  placeholder: 'time',
  ...facts,
  read: readTime,
});

interface ParsedFacts<Value> extends ValueFacts {
  readonly placeholder: string;
  read(text: string, flag: string): Value;
}

/** A value that one option alone has. */
export function parsed<Value>(facts: ParsedFacts<Value> & Assured): ValueOption<Value>;
export function parsed<Value>(facts: ParsedFacts<Value>): ValueOption<Value | undefined>;
export function parsed<Value>(facts: ParsedFacts<Value>): ValueOption<Value> {
  return { kind: 'value', ...facts };
}

/** An option that may be given several times, each time with a value of a kind; none of them is empty. */
export const list = <Value>({
  default: _default,
  required: _required,
  implied: _implied,
  ...option
}: ValueOption<Value>): ListOption<Exclude<Value, undefined>> => ({
  ...option,
  kind: 'list',
  // Of a text that is there a kind makes a value.
  read: (given, name) => option.read(given, name) as Exclude<Value, undefined>,
});

/** The words that belong to no option. */
export const restArguments = (placeholder: string): RestArguments<string> => ({
  kind: 'rest',
  placeholder,
  read: (given) => given,
});

/** A word that belongs to no option. */
export const argument = (placeholder: string): Argument<string> => ({
  kind: 'argument',
  placeholder,
  read: (given) => given,
});

/** A word that need not be there. */
export const optionalArgument = (placeholder: string): Argument<string | undefined> => ({
  ...argument(placeholder),
  optional: true,
});

/** One of several words, that belongs to no option. */
export const choiceArgument = <const Word extends string>(
  placeholder: string,
  choices: readonly Word[],
): Argument<Word> => ({
  kind: 'argument',
  placeholder,
  choices,
  read: (given) => oneOf(choices, given, placeholder),
});
