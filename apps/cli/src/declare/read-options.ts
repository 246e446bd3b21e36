import { UsageError } from '../failure/errors.ts';
import {
  type Argument,
  flagOf,
  type Option,
  type OptionsOf,
  type OptionTable,
  type RestArguments,
} from './option.ts';

/** What was typed for one option: a text, a boolean of a flag, texts where it may be given several times. */
export type GivenWord = string | boolean | readonly string[] | undefined;

/** What was typed, by the names of a table. */
export type GivenWords = Readonly<Record<string, GivenWord>>;

/** What was typed of an option that may be given several times. */
export const textsIn = (given: GivenWord): readonly string[] =>
  given === undefined ? [] : Array.isArray(given) ? given : [String(given)];

/**
 * The value of each option of a table: what was typed, else its default.
 *
 * @throws UsageError for a text that is no value of its option, or an option that is missing
 */
export function readOptions<Table extends OptionTable>(table: Table, words: GivenWords): OptionsOf<Table> {
  const values = Object.entries(table).map(([key, option]) => [key, readOption(option, key, words[key])]);
  // Each value is what its option reads: the compiler cannot follow a table through its entries.
  return Object.fromEntries(values) as OptionsOf<Table>;
}

function readOption(option: Option | Argument | RestArguments, key: string, given: GivenWord): unknown {
  switch (option.kind) {
    case 'flag':
      return given ?? option.default;
    case 'argument':
      return given === undefined ? undefined : option.read(String(given));
    case 'rest':
      return textsIn(given).map((text) => option.read(text));
    case 'list':
      return textsIn(given).map((text) => option.read(text, flagOf(key)));
    case 'value': {
      const text = given ?? option.default;
      if (text !== undefined) return option.read(String(text), flagOf(key));
      if (option.required)
        throw new UsageError(`${flagOf(key)} is missing`, [
          `Add ${flagOf(key)} ${option.choices?.join(', ') ?? `<${option.placeholder}>`}.`,
        ]);
      return undefined;
    }
    default:
      return option satisfies never;
  }
}
