import type { CommandSpec, OptionSpec, TopicSpec } from '../spec.ts';
import { ACCESS } from './access-options.ts';
import { JSON_OUTPUT, VERBOSE } from './shared-options.ts';

const GROUP = 'Record calls';

export const GRANTS_TOPIC: TopicSpec = {
  name: 'grants',
  group: GROUP,
  summary: 'See and set whom a call type lets record.',
};

const CALL_TYPE: OptionSpec = {
  name: 'call-type',
  group: 'What',
  help: 'the call type',
  value: { placeholder: 'name' },
};

const NOTES: readonly string[] = [
  'Grants hold for users. A server, as rawreel is one, may do all of it anyway.',
];

export const GRANTS: readonly CommandSpec[] = [
  {
    name: 'grants get',
    group: GROUP,
    summary: 'Show what each role may do with recordings.',
    examples: [{ says: 'A table', line: 'rawreel grants get --call-type default' }],
    notes: NOTES,
    options: [CALL_TYPE, JSON_OUTPUT, VERBOSE, ...ACCESS],
  },
  {
    name: 'grants set',
    group: GROUP,
    summary: 'Set what a role may do with recordings, and nothing else of it.',
    examples: [
      {
        says: 'Hosts start and stop raw recording',
        line: 'rawreel grants set --call-type default --role host --capabilities start-raw-record-call,stop-raw-record-call',
      },
      {
        says: 'Guests do nothing of it',
        line: 'rawreel grants set --call-type default --role guest --capabilities none',
      },
    ],
    notes: NOTES,
    options: [
      CALL_TYPE,
      { name: 'role', group: 'What', help: 'the role', value: { placeholder: 'name' } },
      {
        name: 'capabilities',
        group: 'What',
        help: 'all that it may do with recordings, comma between, or none',
        value: { placeholder: 'list' },
      },
      JSON_OUTPUT,
      VERBOSE,
      ...ACCESS,
    ],
  },
];
