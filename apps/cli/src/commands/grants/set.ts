import { command } from '../../declare/command-spec.ts';
import { parsed, text } from '../../declare/kinds.ts';
import { emptyValue } from '../../declare/value-errors.ts';
import { GRANTS_CALL_TYPE } from '../../options/grants.ts';
import { STREAM } from '../../options/stream-access.ts';

export const grantsSet = command({
  name: 'grants set',
  group: 'Record calls',
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
  notes: ['Grants hold for users. A server, as rawreel is one, may do all of it anyway.'],
  options: {
    callType: GRANTS_CALL_TYPE,
    role: text({ group: 'What', help: 'the role', placeholder: 'name', required: true }),
    capabilities: parsed({
      group: 'What',
      help: 'all that it may do with recordings, comma between, or none',
      placeholder: 'list',
      required: true,
      read: readCapabilities,
    }),
    ...STREAM,
  },
});

function readCapabilities(given: string, name: string): readonly string[] {
  if (given === '') throw emptyValue(name);
  return given === 'none' ? [] : given.split(',').map((each) => each.trim());
}
