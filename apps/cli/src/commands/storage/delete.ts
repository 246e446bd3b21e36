import { command } from '../../declare/command-spec.ts';
import { STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageDelete = command({
  name: 'storage delete',
  group: 'Record calls',
  summary: 'Make Stream forget a storage of your own; what lies in the bucket stays.',
  examples: [{ says: 'Forget it', line: 'rawreel storage delete archive' }],
  notes: ['A call type that writes there has to be told otherwise first: rawreel storage unassign.'],
  options: { name: STORAGE_NAME, ...STREAM },
});
