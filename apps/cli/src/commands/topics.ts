import type { TopicSpec } from '../declare/command-spec.ts';

/** The first words that commands share, in the order of the commands. */
export const TOPICS: readonly TopicSpec[] = [
  {
    name: 'recording',
    group: 'Record calls',
    summary: 'Start, stop, watch, list, download and delete raw recordings of a call.',
  },
  {
    name: 'settings',
    group: 'Record calls',
    summary: 'See and set when calls are recorded raw: of a call, a call type, or all call types.',
  },
  {
    name: 'storage',
    group: 'Record calls',
    summary:
      'Have recordings written into a bucket of your own: S3, Google Cloud Storage, Azure Blob Storage.',
  },
  {
    name: 'grants',
    group: 'Record calls',
    summary: 'See and set whom a call type lets record.',
  },
  {
    name: 'jobs',
    group: 'Ask a service',
    summary: 'See what rawreel-webhook makes of recordings; retry and cancel.',
  },
  {
    name: 'webhook',
    group: 'Record calls',
    summary: 'Have Stream send the events of recordings to a receiver, and see that they arrive.',
  },
  {
    name: 'auth',
    group: 'Record calls',
    summary: 'Keep the API key and secret of a Stream app on this machine.',
  },
  {
    name: 'cache',
    group: 'This machine',
    summary: 'List or clear what is kept of recordings that were read from addresses.',
  },
];
