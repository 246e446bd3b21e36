import { command } from '../../declare/command-spec.ts';
import { GRANTS_CALL_TYPE } from '../../options/grants.ts';
import { STREAM } from '../../options/stream-access.ts';

export const grantsGet = command({
  name: 'grants get',
  group: 'Record calls',
  summary: 'Show what each role may do with recordings.',
  examples: [{ says: 'A table', line: 'rawreel grants get --call-type default' }],
  notes: ['Grants apply to users. A server, such as rawreel, may do everything anyway.'],
  options: { callType: GRANTS_CALL_TYPE, ...STREAM },
});
