import type { OptionSpec } from '../spec.ts';

export const INPUT: readonly OptionSpec[] = [
  {
    name: 'input-file',
    group: 'Input',
    help: 'the recording: a ZIP, tar.gz or tar, whatever its name',
    value: { placeholder: 'path', completes: 'file' },
  },
  {
    name: 'input-dir',
    group: 'Input',
    help: 'the recording as an extracted folder',
    value: { placeholder: 'path', completes: 'folder' },
  },
  {
    name: 'input-s3',
    group: 'Input',
    help: 'the recording where it lies: s3://bucket/key or an https:// link; of a ZIP only what is needed is read',
    value: { placeholder: 'address' },
  },
];

const S3_ENDPOINT: OptionSpec = {
  name: 's3-endpoint',
  group: 'Advanced',
  help: 'an S3-compatible server (MinIO, R2 and the like) for s3:// addresses, as AWS_ENDPOINT_URL',
  value: { placeholder: 'url', example: 'https://minio.example:9000' },
};

export const CACHE_DIR: OptionSpec = {
  name: 'cache-dir',
  group: 'Advanced',
  help: "where what was read from an address is kept (default: the user's cache folder)",
  value: { placeholder: 'folder', completes: 'folder', example: '/var/cache/rawreel' },
};

export const REMOTE: readonly OptionSpec[] = [
  S3_ENDPOINT,
  CACHE_DIR,
  {
    name: 'cache',
    group: 'Advanced',
    help: 'keep what was read from an address, so that the next command need not read it again',
    default: true,
  },
];

export const OUTPUT: readonly OptionSpec[] = [
  {
    name: 'output',
    group: 'Output',
    help: 'folder for the files and their manifest.json, made if missing; or s3://bucket/prefix',
    value: { placeholder: 'folder', completes: 'folder' },
  },
  {
    name: 'dry-run',
    group: 'Output',
    help: 'print what would be written, write nothing',
    default: false,
  },
  {
    name: 'json',
    group: 'Output',
    help: 'print the report (or the plan, or the error) as JSON and nothing else',
    default: false,
  },
];

/** For commands that print one answer. */
export const JSON_OUTPUT: OptionSpec = {
  name: 'json',
  group: 'Output',
  help: 'print JSON and nothing else',
  default: false,
};

export const QUIET: OptionSpec = {
  name: 'quiet',
  group: 'Output',
  help: 'say nothing unless something is wrong',
  default: false,
};

export const VERBOSE: OptionSpec = {
  name: 'verbose',
  group: 'Output',
  help: 'say more: packet counts, every note, causes and stacks of errors',
  default: false,
};

export const ACCEPT_DAMAGE: OptionSpec = {
  name: 'accept-damage',
  group: 'Advanced',
  help: 'exit 0 instead of 3 when outputs were made from a damaged archive',
  default: false,
};

export const LIMITS: readonly OptionSpec[] = [
  {
    name: 'max-entry-size',
    group: 'Advanced',
    help: 'refuse entries that inflate to more (K, M, G, T: powers of 1024)',
    value: { placeholder: 'size', example: '500M' },
  },
  {
    name: 'max-entries',
    group: 'Advanced',
    help: 'refuse entries beyond this many',
    value: { placeholder: 'count', example: '1000' },
  },
];
