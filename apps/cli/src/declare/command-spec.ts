import type { OptionTable } from './option.ts';

/** What a person wants, as the headings that commands stand under. */
export type CommandGroup =
  | 'Look into a recording'
  | 'Make media'
  | 'Record calls'
  | 'Ask a service'
  | 'This machine';

/** A command as data: the parser, the help page, the completions and the types of its options are made from it. */
export interface CommandSpec<Table extends OptionTable = OptionTable> {
  /** One word, or a topic and a second word: `recording start`. */
  readonly name: string;
  readonly group: CommandGroup;
  /** One sentence. */
  readonly summary: string;
  readonly examples: readonly { readonly says: string; readonly line: string }[];
  /** Below the options. */
  readonly notes?: readonly string[];
  /** The only kind of tracks that it works on, where it is for one: shells complete no ids of others. */
  readonly tracks?: 'audio' | 'video';
  readonly options: Table;
}

/** The first word that several commands share: it has a page and a completion of its own. */
export interface TopicSpec {
  readonly name: string;
  readonly group: CommandGroup;
  readonly summary: string;
}

/** Keeps the types of the options that a command declares. */
export const command = <Table extends OptionTable>(spec: CommandSpec<Table>): CommandSpec<Table> => spec;
