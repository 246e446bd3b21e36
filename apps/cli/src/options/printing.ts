import { flag } from '../declare/kinds.ts';

/** For commands that print one answer. */
export const JSON_OUTPUT = flag({ group: 'Output', help: 'print only JSON', default: false });

export const QUIET = flag({
  group: 'Output',
  short: 'q',
  help: 'print only problems',
  default: false,
});

export const PROGRESS = flag({
  group: 'Output',
  help: 'show how far the work is, on stderr',
  default: true,
});

export const VERBOSE = flag({
  group: 'Output',
  short: 'v',
  help: 'print more: packet counts, all notes, causes and stacks of errors',
  default: false,
});
