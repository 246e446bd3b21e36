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
    summary: 'Show and set when calls are recorded raw: for a call, a call type, or all call types.',
  },
  {
    name: 'storage',
    group: 'Record calls',
    summary: 'Store recordings in your own bucket: S3, Google Cloud Storage or Azure Blob Storage.',
  },
  {
    name: 'grants',
    group: 'Record calls',
    summary: 'Show and set who may record calls of a call type.',
  },
  {
    name: 'jobs',
    group: 'Ask a service',
    summary: 'Show, retry and cancel the recordings that rawreel-webhook processes.',
  },
  {
    name: 'webhook',
    group: 'Record calls',
    summary: 'Send the events of recordings from Stream to a receiver, and check that they arrive.',
  },
  {
    name: 'auth',
    group: 'Record calls',
    summary: 'Keep the API key and secret of a Stream app on this machine.',
  },
  {
    name: 'cache',
    group: 'This machine',
    summary: 'List or clear the cached data of recordings that were read from addresses.',
  },
];
