import { command } from '../../declare/command-spec.ts';
import { CREDENTIALS_NOTE, STORAGE, STORAGE_NAME } from '../../options/own-storage.ts';
import { STREAM } from '../../options/stream-access.ts';

export const storageCreate = command({
  name: 'storage create',
  group: 'Record calls',
  summary: 'Register your own bucket with Stream, under a name.',
  examples: [
    {
      says: 'S3, with the role given to Stream',
      line: 'rawreel storage create archive --type s3 --bucket recordings --region eu-central-1',
    },
  ],
  notes: [CREDENTIALS_NOTE],
  options: { name: STORAGE_NAME, ...STORAGE, ...STREAM },
});
