import { command } from '../../declare/command-spec.ts';
import { JOB_ID, SERVICE, TOKEN_NOTE } from '../../options/service.ts';

export const jobsCancel = command({
  name: 'jobs cancel',
  group: 'Ask a service',
  summary: 'Stop the processing of a recording, or prevent it from starting.',
  examples: [{ says: 'Cancel it', line: 'rawreel jobs cancel 75b7b884-c2dd-4901-be86-ee1795175a4e' }],
  notes: [TOKEN_NOTE],
  options: { id: JOB_ID, ...SERVICE },
});
