import type { CommandSpec, OptionSpec, TopicSpec } from '../spec.ts';
import { JSON_OUTPUT, VERBOSE } from './shared-options.ts';

const GROUP = 'Ask a service';

export const JOBS_TOPIC: TopicSpec = {
  name: 'jobs',
  group: GROUP,
  summary: 'See what rawreel-webhook makes of recordings; retry and cancel.',
};

/** As @rawreel/jobs has them, which a test holds this to: its database is not needed to ask for one. */
export const JOB_STATES = [
  'recording',
  'stopping',
  'awaiting',
  'queued',
  'downloading',
  'processing',
  'storing',
  'done',
  'failed',
  'expired',
  'ignored',
  'cancelled',
] as const;

const ACCESS: readonly OptionSpec[] = [
  {
    name: 'url',
    group: 'Access',
    help: 'of the service’s API (default: RAWREEL_API_URL, or http://127.0.0.1:8081)',
    value: { placeholder: 'url', example: 'https://rawreel.example' },
  },
  {
    name: 'token-file',
    group: 'Access',
    help: 'file with the API’s token and nothing else (default: the token is RAWREEL_API_TOKEN)',
    value: { placeholder: 'path', completes: 'file', example: '/run/secrets/rawreel-token' },
  },
  {
    name: 'request-timeout',
    group: 'Advanced',
    help: 'how long one request may take',
    value: { placeholder: 'time', example: '30s' },
    default: '10s',
  },
];

const COMMON: readonly OptionSpec[] = [JSON_OUTPUT, VERBOSE, ...ACCESS];

const ONLY: readonly OptionSpec[] = [
  {
    name: 'state',
    group: 'What',
    help: 'only those in this state',
    value: { placeholder: 'state', choices: JOB_STATES },
  },
  { name: 'call', group: 'What', help: 'only those of this call', value: { placeholder: 'type:id' } },
];

const ID = { name: 'id' } as const;
const NOTES: readonly string[] = [
  'The service has the token as RAWREEL_API_TOKEN. It is no option, since every user of this machine can see a command line.',
];
const SOME_ID = '75b7b884-c2dd-4901-be86-ee1795175a4e';

export const JOBS: readonly CommandSpec[] = [
  {
    name: 'jobs list',
    group: GROUP,
    summary: 'List recordings with what has become of them, newest first.',
    examples: [
      { says: 'The newest', line: 'rawreel jobs list' },
      { says: 'What was given up', line: 'rawreel jobs list --state failed' },
      {
        says: 'All that was heard of since then, for a program',
        line: 'rawreel jobs list --since 2026-11-20T00:00:00Z --limit 100000 --json',
      },
    ],
    notes: NOTES,
    options: [
      ...ONLY,
      {
        name: 'since',
        group: 'What',
        help: 'only what was heard of then or later',
        value: { placeholder: 'time' },
      },
      {
        name: 'limit',
        group: 'What',
        help: 'how many at most',
        value: { placeholder: 'count', example: '1000' },
        default: '50',
      },
      ...COMMON,
    ],
  },
  {
    name: 'jobs show',
    group: GROUP,
    summary: 'Show one recording with its whole history.',
    argument: ID,
    examples: [{ says: 'From beginning to end', line: `rawreel jobs show ${SOME_ID}` }],
    notes: NOTES,
    options: COMMON,
  },
  {
    name: 'jobs retry',
    group: GROUP,
    summary: 'Have a recording that came to an end worked on again.',
    argument: ID,
    examples: [{ says: 'Once what was wrong is right', line: `rawreel jobs retry ${SOME_ID}` }],
    notes: NOTES,
    options: COMMON,
  },
  {
    name: 'jobs cancel',
    group: GROUP,
    summary: 'Stop what is done of a recording, or keep it from being begun.',
    argument: ID,
    examples: [{ says: 'Not this one', line: `rawreel jobs cancel ${SOME_ID}` }],
    notes: NOTES,
    options: COMMON,
  },
  {
    name: 'jobs watch',
    group: GROUP,
    summary: 'Print what is under way, and then a line for each change, until Ctrl-C.',
    examples: [
      { says: 'Everything', line: 'rawreel jobs watch' },
      { says: 'What is given up', line: 'rawreel jobs watch --state failed' },
    ],
    notes: [
      ...NOTES,
      'It looks every 2 s at the newest recordings and at those under way, a thousand of each at most. With --json each line is a recording. A service that does not answer is waited for. It ends with exit code 130.',
    ],
    options: [...ONLY, ...COMMON],
  },
];
