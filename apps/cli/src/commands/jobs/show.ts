import { command } from '../../declare/command-spec.ts';
import { JOB_ID, SERVICE, TOKEN_NOTE } from '../../options/service.ts';

export const jobsShow = command({
  name: 'jobs show',
  group: 'Ask a service',
  summary: 'Show one recording with its whole history.',
  examples: [{ says: 'The whole history', line: 'rawreel jobs show 75b7b884-c2dd-4901-be86-ee1795175a4e' }],
  notes: [TOKEN_NOTE],
  options: { id: JOB_ID, ...SERVICE },
});
