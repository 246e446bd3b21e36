import { argument, duration, flag, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { JSON_OUTPUT, VERBOSE } from './printing.ts';

export const BASE_URL = text({
  group: 'Access',
  help: "server to use instead of Stream's: https, or http on this machine; only with --api-key and --api-secret",
  placeholder: 'url',
  example: 'http://127.0.0.1:8080',
  emptyHint: "Omit it to use Stream's own server.",
});

/** For every command that asks Stream for something. */
export const ACCESS = {
  apiKey: text({
    group: 'Access',
    help: 'API key of the Stream app (default: STREAM_API_KEY, .env, or rawreel auth login)',
    placeholder: 'key',
  }),
  apiSecret: text({
    group: 'Access',
    help: 'API secret; prefer STREAM_API_SECRET or rawreel auth login, as every user of this machine can see command lines',
    placeholder: 'secret',
  }),
  baseUrl: BASE_URL,
  requestTimeout: duration({
    group: 'Advanced',
    help: 'time limit of one request to Stream (default: 10s)',
    example: '30s',
  }),
};

export type StreamAccess = OptionsOf<typeof ACCESS>;

/** What commands have that ask Stream and print one answer. */
export const STREAM = { json: JSON_OUTPUT, verbose: VERBOSE, ...ACCESS };

export const CALL = argument('type:id');

export const DRY_RUN = flag({
  group: 'Output',
  help: 'print the change as a diff and change nothing',
  default: false,
});

/** What each mode does. */
export const MODE_NOTE =
  'Modes: "disabled": raw recording cannot be started. "available": off until somebody starts it. "auto-on": starts with the call by itself, backstage included, so that what is said before going live is recorded, too.';
