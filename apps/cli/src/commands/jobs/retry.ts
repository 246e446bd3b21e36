import { command } from '../../declare/command-spec.ts';
import { JOB_ID, SERVICE, TOKEN_NOTE } from '../../options/service.ts';

export const jobsRetry = command({
  name: 'jobs retry',
  group: 'Ask a service',
  summary: 'Process a finished recording again.',
  examples: [
    { says: 'After the cause is fixed', line: 'rawreel jobs retry 75b7b884-c2dd-4901-be86-ee1795175a4e' },
  ],
  notes: [TOKEN_NOTE],
  options: { id: JOB_ID, ...SERVICE },
});
