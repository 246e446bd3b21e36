import { command } from '../../declare/command-spec.ts';
import { STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageDelete = command({
  name: 'storage delete',
  group: 'Record calls',
  summary: 'Remove your own storage from Stream; the files in the bucket stay.',
  examples: [{ says: 'Remove it from Stream', line: 'rawreel storage delete archive' }],
  notes: ['Unassign it from call types first: rawreel storage unassign.'],
  options: { name: STORAGE_NAME, ...STREAM },
});
