/**
 * Every command and option, as data: the parser, the help pages and the shell completions are all made from it, so that
 * none of them can know a flag that another does not.
 */
export type CommandName =
  | 'list-tracks'
  | 'extract-audio'
  | 'extract-video'
  | 'mux-av'
  | 'mix-audio'
  | 'process-all'
  | 'transcription-kit'
  | 'recording start'
  | 'recording stop'
  | 'recording status'
  | 'recording list'
  | 'recording wait'
  | 'recording download'
  | 'recording delete'
  | 'recording watch'
  | 'recording sweep'
  | 'recording go-live'
  | 'recording stop-live'
  | 'settings get'
  | 'settings set'
  | 'storage list'
  | 'storage create'
  | 'storage check'
  | 'storage update'
  | 'storage delete'
  | 'storage assign'
  | 'storage unassign'
  | 'grants get'
  | 'grants set'
  | 'jobs list'
  | 'jobs show'
  | 'jobs retry'
  | 'jobs cancel'
  | 'jobs watch'
  | 'webhook register'
  | 'webhook show'
  | 'webhook unregister'
  | 'webhook test'
  | 'auth login'
  | 'auth status'
  | 'auth logout'
  | 'cache list'
  | 'cache clear'
  | 'completion'
  | 'doctor';

export type IdKind = 'users' | 'sessions' | 'tracks';

export type OptionGroup = 'Input' | 'What' | 'Output' | 'Access' | 'Advanced';

export const OPTION_GROUPS: readonly OptionGroup[] = ['Input', 'What', 'Output', 'Access', 'Advanced'];

export interface OptionSpec {
  /** Without the two hyphens. */
  readonly name: string;
  readonly group: OptionGroup;
  /** A phrase; default and choices are added by the help page. */
  readonly help: string;
  /** Absent: a boolean, written `--name`, `--name=true|false` or `--no-name`. */
  readonly value?: ValueSpec;
  /** A boolean without one is neither on nor off until it is given. */
  readonly default?: boolean | string;
  /** Accepted, but of no use here: not shown. */
  readonly hidden?: boolean;
}

export interface ValueSpec {
  readonly placeholder: string;
  readonly choices?: readonly string[];
  readonly completes?: 'file' | 'folder' | IdKind;
  /** A value as one would type it, where no example of a command has one. */
  readonly example?: string;
  /** Taken where the option is given alone: a word behind it is its value only if it looks like one. */
  readonly implied?: { readonly value: string; readonly looksLike: RegExp };
}

export interface CommandSpec {
  /** One word, or a topic and a second word: `recording start`. */
  readonly name: CommandName;
  /** What a person wants, as the heading that the command stands under. */
  readonly group: string;
  /** One sentence. */
  readonly summary: string;
  readonly argument?: { readonly name: string; readonly choices?: readonly string[] };
  readonly examples: readonly { readonly says: string; readonly line: string }[];
  /** Below the options. */
  readonly notes?: readonly string[];
  readonly options: readonly OptionSpec[];
}

/** The first word that several commands share. */
export interface TopicSpec {
  readonly name: string;
  /** As of a command. */
  readonly group: string;
  readonly summary: string;
}
