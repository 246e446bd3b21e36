import { command } from '../../declare/command-spec.ts';
import { STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageCheck = command({
  name: 'storage check',
  group: 'Record calls',
  summary: 'Have Stream write a file into a storage of your own.',
  examples: [{ says: 'Can it write there?', line: 'rawreel storage check archive' }],
  options: { name: STORAGE_NAME, ...STREAM },
});
