import { command } from '../../declare/command-spec.ts';
import { count, time } from '../../declare/kinds.ts';
import { JOB_FILTER, SERVICE, TOKEN_NOTE } from '../../options/service.ts';

export const jobsList = command({
  name: 'jobs list',
  group: 'Ask a service',
  summary: 'List recordings and their state, newest first.',
  examples: [
    { says: 'The newest', line: 'rawreel jobs list' },
    { says: 'Failed recordings', line: 'rawreel jobs list --state failed' },
    {
      says: 'All recordings with news since then, for a program',
      line: 'rawreel jobs list --since 2026-11-20T00:00:00Z --limit 100000 --json',
    },
  ],
  notes: [TOKEN_NOTE],
  options: {
    ...JOB_FILTER,
    since: time({ group: 'What', help: 'only recordings with news at this time or later' }),
    limit: count({
      group: 'What',
      help: 'maximum number of recordings',
      example: '1000',
      to: 9_999_999,
      default: '50',
    }),
    ...SERVICE,
  },
});
