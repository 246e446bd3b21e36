import { command } from '../../declare/command-spec.ts';
import { ASSIGNED_CALL_TYPE, STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageAssign = command({
  name: 'storage assign',
  group: 'Record calls',
  summary: 'Store the recordings of a call type in your own storage from now on.',
  examples: [{ says: 'All calls of a type', line: 'rawreel storage assign archive --call-type default' }],
  options: { name: STORAGE_NAME, callType: ASSIGNED_CALL_TYPE, ...STREAM },
});
