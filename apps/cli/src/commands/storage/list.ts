import { command } from '../../declare/command-spec.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageList = command({
  name: 'storage list',
  group: 'Record calls',
  summary: 'List your own storages that Stream knows.',
  examples: [{ says: 'A table', line: 'rawreel storage list' }],
  options: { ...STREAM },
});
