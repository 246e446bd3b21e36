import type { OptionSpec } from '../spec.ts';

export const BASE_URL: OptionSpec = {
  name: 'base-url',
  group: 'Access',
  help: "another server than Stream's: https, or http on this machine; with --api-key and --api-secret only",
  value: { placeholder: 'url', example: 'http://127.0.0.1:8080' },
};

/** For every command that asks Stream for something. */
export const ACCESS: readonly OptionSpec[] = [
  {
    name: 'api-key',
    group: 'Access',
    help: 'key of the Stream app (default: STREAM_API_KEY, .env, or that of rawreel auth login)',
    value: { placeholder: 'key' },
  },
  {
    name: 'api-secret',
    group: 'Access',
    help: 'its secret; better STREAM_API_SECRET or rawreel auth login, as every user of this machine can see a command line',
    value: { placeholder: 'secret' },
  },
  BASE_URL,
  {
    name: 'request-timeout',
    group: 'Advanced',
    help: 'how long one request to Stream may take (default: 10s)',
    value: { placeholder: 'time', example: '30s' },
  },
];

/** A number and what it counts: milliseconds, seconds, minutes, hours, days. */
export const DURATION = /^\d+(\.\d+)?(ms|s|m|h|d)$/;

export const CALL_ARGUMENT = { name: 'type:id' } as const;

/** What each mode does, for whoever sets one or sees one. */
export const MODE_NOTES: readonly string[] = [
  'Modes: "disabled": raw recording cannot be started. "available": off until somebody starts it. "auto-on": starts with the call by itself, backstage included, so that what is said before going live is recorded, too.',
];
