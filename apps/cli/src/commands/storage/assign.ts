import { command } from '../../declare/command-spec.ts';
import { ASSIGNED_CALL_TYPE, STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageAssign = command({
  name: 'storage assign',
  group: 'Record calls',
  summary: 'Have the recordings of a call type written into a storage of your own from now on.',
  examples: [{ says: 'All calls of a type', line: 'rawreel storage assign archive --call-type default' }],
  options: { name: STORAGE_NAME, callType: ASSIGNED_CALL_TYPE, ...STREAM },
});
