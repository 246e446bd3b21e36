import type { CommandSpec, TopicSpec } from '../spec.ts';
import { ACCESS, BASE_URL } from './access-options.ts';
import { JSON_OUTPUT, VERBOSE } from './shared-options.ts';

const GROUP = 'Record calls';

export const AUTH_TOPIC: TopicSpec = {
  name: 'auth',
  group: GROUP,
  summary: 'Keep the API key and secret of a Stream app on this machine.',
};

const WHERE_FROM =
  'Key and secret are each taken from the first that has them: --api-key and --api-secret, STREAM_API_KEY and STREAM_API_SECRET, .env in the working folder, rawreel auth login. Another server than Stream is named by --base-url or STREAM_BASE_URL, and counts only from the place that has the key and the secret.';

export const AUTH: readonly CommandSpec[] = [
  {
    name: 'auth login',
    group: GROUP,
    summary: 'Store an API key and its secret, readable by you alone.',
    examples: [
      { says: 'Asks for both; the secret is not shown', line: 'rawreel auth login' },
      {
        says: 'From a script: a line each, or the secret alone',
        line: 'printenv STREAM_API_SECRET | rawreel auth login --api-key my-key',
      },
    ],
    notes: [WHERE_FROM],
    options: [
      {
        name: 'api-key',
        group: 'Access',
        help: 'the key, so that only the secret is asked for',
        value: { placeholder: 'key' },
      },
      {
        ...BASE_URL,
        help: "another server than Stream's, stored with the key: https, or http on this machine",
      },
      JSON_OUTPUT,
      VERBOSE,
    ],
  },
  {
    name: 'auth status',
    group: GROUP,
    summary:
      'Say which API key would be sent to which server, and where each of the two and the secret come from.',
    examples: [{ says: 'What goes where?', line: 'rawreel auth status' }],
    notes: [WHERE_FROM],
    options: [JSON_OUTPUT, VERBOSE, ...ACCESS],
  },
  {
    name: 'auth logout',
    group: GROUP,
    summary: 'Remove what auth login has stored.',
    examples: [{ says: 'Remove it', line: 'rawreel auth logout' }],
    options: [JSON_OUTPUT, VERBOSE],
  },
];
