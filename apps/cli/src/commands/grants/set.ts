import { command } from '../../declare/command-spec.ts';
import { parsed, text } from '../../declare/kinds.ts';
import { emptyValue } from '../../declare/value-errors.ts';
import { GRANTS_CALL_TYPE } from '../../options/grants.ts';
import { STREAM } from '../../options/stream-access.ts';

export const grantsSet = command({
  name: 'grants set',
  group: 'Record calls',
  summary: 'Set what a role may do with recordings; its other capabilities stay.',
  examples: [
    {
      says: 'Hosts may start and stop raw recording',
      line: 'rawreel grants set --call-type default --role host --capabilities start-raw-record-call,stop-raw-record-call',
    },
    {
      says: 'Guests may do none of it',
      line: 'rawreel grants set --call-type default --role guest --capabilities none',
    },
  ],
  notes: ['Grants apply to users. A server, such as rawreel, may do everything anyway.'],
  options: {
    callType: GRANTS_CALL_TYPE,
    role: text({ group: 'What', help: 'the role', placeholder: 'name', required: true }),
    capabilities: parsed({
      group: 'What',
      help: 'all its capabilities for recordings, separated by commas, or none',
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
