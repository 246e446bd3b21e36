import { command } from '../../declare/command-spec.ts';
import { ASSIGNED_CALL_TYPE } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageUnassign = command({
  name: 'storage unassign',
  group: 'Record calls',
  summary: "Store the recordings of a call type in Stream's own storage again.",
  examples: [{ says: "Back to Stream's own", line: 'rawreel storage unassign --call-type default' }],
  options: { callType: ASSIGNED_CALL_TYPE, ...STREAM },
});
