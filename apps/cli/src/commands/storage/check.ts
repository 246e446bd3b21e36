import { command } from '../../declare/command-spec.ts';
import { STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageCheck = command({
  name: 'storage check',
  group: 'Record calls',
  summary: 'Check that Stream can write to your own storage, by writing a file.',
  examples: [{ says: 'Can it write there?', line: 'rawreel storage check archive' }],
  options: { name: STORAGE_NAME, ...STREAM },
});
