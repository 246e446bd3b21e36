import { command } from '../../declare/command-spec.ts';
import { JOB_FILTER, SERVICE, TOKEN_NOTE } from '../../options/service.ts';

export const jobsWatch = command({
  name: 'jobs watch',
  group: 'Ask a service',
  summary: 'Print the recordings in progress, then a line for each change, until Ctrl-C.',
  examples: [
    { says: 'Everything', line: 'rawreel jobs watch' },
    { says: 'Failed recordings only', line: 'rawreel jobs watch --state failed' },
  ],
  notes: [
    TOKEN_NOTE,
    'It polls every 2 s for the newest recordings and those in progress, at most a thousand of each. With --json each line is a recording. It waits for a service that does not answer. It ends with exit code 130.',
  ],
  options: { ...JOB_FILTER, ...SERVICE },
});
