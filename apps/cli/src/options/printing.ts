import { flag } from '../declare/kinds.ts';

/** For commands that print one answer. */
export const JSON_OUTPUT = flag({ group: 'Output', help: 'print JSON and nothing else', default: false });

export const QUIET = flag({
  group: 'Output',
  help: 'say nothing unless something is wrong',
  default: false,
});

export const VERBOSE = flag({
  group: 'Output',
  help: 'say more: packet counts, every note, causes and stacks of errors',
  default: false,
});
