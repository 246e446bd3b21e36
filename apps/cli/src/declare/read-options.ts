import { UsageError } from '../failure/errors.ts';
import { type Argument, flagOf, type Option, type OptionsOf, type OptionTable } from './option.ts';

/** What was typed, by the names of a table: texts, and booleans of flags. */
export type GivenWords = Readonly<Record<string, string | boolean | undefined>>;

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

function readOption(option: Option | Argument, key: string, given: string | boolean | undefined): unknown {
  switch (option.kind) {
    case 'flag':
      return given ?? option.default;
    case 'argument':
      return given === undefined ? undefined : option.read(String(given));
    case 'value': {
      const text = given ?? option.default;
      if (text !== undefined) return option.read(String(text), flagOf(key));
      if (option.required)
        throw new UsageError(`${flagOf(key)} is missing`, [`Add ${flagOf(key)} <${option.placeholder}>.`]);
      return undefined;
    }
    default:
      return option satisfies never;
  }
}
