import { command } from '../../declare/command-spec.ts';
import { JOB_FILTER, SERVICE, TOKEN_NOTE } from '../../options/service.ts';

export const jobsWatch = command({
  name: 'jobs watch',
  group: 'Ask a service',
  summary: 'Print what is under way, and then a line for each change, until Ctrl-C.',
  examples: [
    { says: 'Everything', line: 'rawreel jobs watch' },
    { says: 'What is given up', line: 'rawreel jobs watch --state failed' },
  ],
  notes: [
    TOKEN_NOTE,
    'It looks every 2 s at the newest recordings and at those under way, a thousand of each at most. With --json each line is a recording. A service that does not answer is waited for. It ends with exit code 130.',
  ],
  options: { ...JOB_FILTER, ...SERVICE },
});
