import { argument, choice, duration, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { JSON_OUTPUT, VERBOSE } from './printing.ts';

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

/** What commands have that ask a running rawreel-webhook. */
export const SERVICE = {
  json: JSON_OUTPUT,
  verbose: VERBOSE,
  url: text({
    group: 'Access',
    help: 'address of the service’s API (default: RAWREEL_API_URL, or http://127.0.0.1:8081)',
    placeholder: 'url',
    example: 'https://rawreel.example',
  }),
  tokenFile: text({
    group: 'Access',
    help: 'file that contains only the API token (default: the token in RAWREEL_API_TOKEN)',
    placeholder: 'path',
    completes: 'file',
    example: '/run/secrets/rawreel-token',
  }),
  requestTimeout: duration({
    group: 'Advanced',
    help: 'time limit of one request',
    example: '30s',
    default: '10s',
  }),
};

export type ServiceAccess = Pick<OptionsOf<typeof SERVICE>, 'url' | 'tokenFile' | 'requestTimeout'>;

export const JOB_FILTER = {
  state: choice({
    group: 'What',
    help: 'only recordings in this state',
    placeholder: 'state',
    choices: JOB_STATES,
  }),
  call: text({ group: 'What', help: 'only recordings of this call', placeholder: 'type:id' }),
};

export const JOB_ID = argument('id');

export const TOKEN_NOTE =
  'The token is the RAWREEL_API_TOKEN of the service. It is not an option, because every user of this machine can see command lines.';
