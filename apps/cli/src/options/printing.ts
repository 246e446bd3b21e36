import { flag } from '../declare/kinds.ts';

/** For commands that print one answer. */
export const JSON_OUTPUT = flag({ group: 'Output', help: 'print only JSON', default: false });

export const QUIET = flag({
  group: 'Output',
  help: 'print only problems',
  default: false,
});

export const VERBOSE = flag({
  group: 'Output',
  help: 'print more: packet counts, all notes, causes and stacks of errors',
  default: false,
});
