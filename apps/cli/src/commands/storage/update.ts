import { command } from '../../declare/command-spec.ts';
import { CREDENTIALS_NOTE, STORAGE, STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageUpdate = command({
  name: 'storage update',
  group: 'Record calls',
  summary: 'Replace the bucket, path and credentials of your own storage.',
  examples: [
    {
      says: 'Another bucket from now on',
      line: 'rawreel storage update archive --type s3 --bucket calls --region eu-central-1',
    },
  ],
  notes: [CREDENTIALS_NOTE],
  options: { name: STORAGE_NAME, ...STORAGE, ...STREAM },
});
