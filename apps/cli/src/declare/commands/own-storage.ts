import type { CommandSpec, OptionSpec, TopicSpec } from '../spec.ts';
import { ACCESS } from './access-options.ts';
import { JSON_OUTPUT, VERBOSE } from './shared-options.ts';

const GROUP = 'Record calls';

export const STORAGE_TOPIC: TopicSpec = {
  name: 'storage',
  group: GROUP,
  summary: 'Have recordings written into a bucket of your own: S3, Google Cloud Storage, Azure Blob Storage.',
};

const NAME = { name: 'name' } as const;

const COMMON = [JSON_OUTPUT, VERBOSE, ...ACCESS];

const CREDENTIALS_NOTE =
  '--credentials names a JSON file, or - for stdin, so that no secret is on the command line: for s3 { "id", "secret" }, for gcs the key file of a service account, for abs { "accountName", "tenantId", "clientId", "clientSecret" }.';

const STORAGE: readonly OptionSpec[] = [
  {
    name: 'type',
    group: 'What',
    help: 'whose bucket it is',
    value: { placeholder: 'type', choices: ['s3', 'gcs', 'abs'] },
  },
  {
    name: 'bucket',
    group: 'What',
    help: 'the bucket, or container in Azure',
    value: { placeholder: 'name' },
  },
  {
    name: 'path',
    group: 'What',
    help: 'what each object is to begin with (default: nothing)',
    value: { placeholder: 'prefix', example: 'calls' },
  },
  { name: 'region', group: 'What', help: 'of an s3 bucket', value: { placeholder: 'region' } },
  {
    name: 'endpoint',
    group: 'What',
    help: "an S3-compatible server that is not AWS's",
    value: { placeholder: 'url', example: 'https://minio.example:9000' },
  },
  {
    name: 'credentials',
    group: 'What',
    help: 'file with what Stream may write with',
    value: { placeholder: 'file', completes: 'file', example: 'keys.json' },
  },
];

export const OWN_STORAGE: readonly CommandSpec[] = [
  {
    name: 'storage list',
    group: GROUP,
    summary: 'List the storages of your own that Stream knows.',
    examples: [{ says: 'A table', line: 'rawreel storage list' }],
    options: COMMON,
  },
  {
    name: 'storage create',
    group: GROUP,
    summary: 'Make a bucket of your own known to Stream, under a name.',
    argument: NAME,
    examples: [
      {
        says: 'S3, with the role that Stream has been given',
        line: 'rawreel storage create archive --type s3 --bucket recordings --region eu-central-1',
      },
    ],
    notes: [CREDENTIALS_NOTE],
    options: [...STORAGE, ...COMMON],
  },
  {
    name: 'storage update',
    group: GROUP,
    summary: 'Replace what Stream knows of a storage of your own: bucket, path and credentials, all of it.',
    argument: NAME,
    examples: [
      {
        says: 'Another bucket from now on',
        line: 'rawreel storage update archive --type s3 --bucket calls --region eu-central-1',
      },
    ],
    notes: [CREDENTIALS_NOTE],
    options: [...STORAGE, ...COMMON],
  },
  {
    name: 'storage delete',
    group: GROUP,
    summary: 'Make Stream forget a storage of your own; what lies in the bucket stays.',
    argument: NAME,
    examples: [{ says: 'Forget it', line: 'rawreel storage delete archive' }],
    notes: ['A call type that writes there has to be told otherwise first: rawreel storage unassign.'],
    options: COMMON,
  },
  {
    name: 'storage check',
    group: GROUP,
    summary: 'Have Stream write a file into a storage of your own.',
    argument: NAME,
    examples: [{ says: 'Can it write there?', line: 'rawreel storage check archive' }],
    options: COMMON,
  },
  {
    name: 'storage assign',
    group: GROUP,
    summary: 'Have the recordings of a call type written into a storage of your own from now on.',
    argument: NAME,
    examples: [{ says: 'All calls of a type', line: 'rawreel storage assign archive --call-type default' }],
    options: [
      { name: 'call-type', group: 'What', help: 'whose recordings', value: { placeholder: 'name' } },
      ...COMMON,
    ],
  },
  {
    name: 'storage unassign',
    group: GROUP,
    summary: "Have the recordings of a call type written into Stream's own storage again.",
    examples: [{ says: "Back to Stream's own", line: 'rawreel storage unassign --call-type default' }],
    options: [
      { name: 'call-type', group: 'What', help: 'whose recordings', value: { placeholder: 'name' } },
      ...COMMON,
    ],
  },
];
