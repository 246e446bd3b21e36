import { safeBaseUrl } from '@rawreel/recording-control';
import * as v from 'valibot';
import { EVENT_TYPES } from '../notify/event-types.ts';
import { webhookSecretProblem } from '../notify/webhook-secret.ts';
import { CALL_TYPES } from './call-types.ts';
import { OUTPUT_SETTINGS } from './output-schema.ts';
import { checked, oneOf, settingsOf, text, whole } from './values.ts';

/** What is logged: this level and those behind it. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** As the administration's port: none. */
export const OFF = 'off';

const LEAST_TOKEN_LENGTH = 16;

const baseUrl = checked((value) => {
  try {
    safeBaseUrl(value);
    return undefined;
  } catch {
    return 'expected an https:// address, or http:// of this machine';
  }
});

const port = whole(0, 65_535);
const token = checked((value) =>
  /^[\x21-\x7e]+$/.test(value) && value.length >= LEAST_TOKEN_LENGTH
    ? undefined
    : `expected ${LEAST_TOKEN_LENGTH} or more characters of ASCII without blanks`,
);

const address = checked((value) =>
  /^https?:$/.test(URL.parse(value)?.protocol ?? '') ? undefined : 'expected an https:// address',
);

const failover = settingsOf(
  {
    bucket: checked((value) =>
      /^s3:\/\/[^/]+/.test(value) ? undefined : 'expected s3://bucket or s3://bucket/path',
    ),
    endpoint: v.optional(address),
    region: v.optional(text),
    profile: v.optional(text),
  },
  'expected { "bucket" }',
);

const app = settingsOf(
  {
    apiKey: text,
    secrets: v.pipe(
      v.array(text, 'expected a list of secrets, the one that holds first'),
      v.nonEmpty('expected at least one secret'),
    ),
    baseUrl: v.optional(baseUrl),
    failover: v.optional(failover),
  },
  'expected { "apiKey", "secrets": […] }',
);

const EVENTS = Object.values(EVENT_TYPES);
const someEvents = `expected some of ${EVENTS.join(', ')}`;

const endpoint = settingsOf(
  {
    url: baseUrl,
    secrets: v.pipe(
      v.array(checked(webhookSecretProblem), 'expected a list of secrets, the one that holds first'),
      v.nonEmpty('expected at least one secret'),
    ),
    events: v.optional(v.pipe(v.array(v.picklist(EVENTS, someEvents), someEvents), v.nonEmpty(someEvents))),
    apiKeys: v.optional(
      v.pipe(v.array(text, 'expected a list of API keys'), v.nonEmpty('expected at least one API key')),
    ),
  },
  'expected { "url", "secrets": […] }',
);

const queue = settingsOf(
  { url: address, apiKey: text, region: v.optional(text), endpoint: v.optional(address) },
  'expected { "url", "apiKey" }',
);

const topicArn = checked((value) =>
  /^arn:aws[a-z-]*:sns:[^:]+:\d+:[\w.-]+$/.test(value) ? undefined : 'is no ARN of an SNS topic',
);

/** Every setting, its default, and what it may be. */
export const SETTINGS = settingsOf({
  apps: v.optional(v.array(app, 'expected a list of apps'), []),
  databaseUrl: v.optional(
    checked((value) =>
      /^postgres(?:ql)?:$/.test(URL.parse(value)?.protocol ?? '')
        ? undefined
        : 'expected postgresql://user:password@host:port/database',
    ),
  ),
  dataFolder: v.optional(text, 'rawreel-data'),
  output: v.optional(OUTPUT_SETTINGS.output, 'media'),
  template: v.optional(OUTPUT_SETTINGS.template, '{date}/{callType}/{callId}/{startedAt}'),
  make: v.optional(OUTPUT_SETTINGS.make, ['audio', 'video', 'muxed', 'mix']),
  verify: v.optional(OUTPUT_SETTINGS.verify, true),
  workers: v.optional(whole(1, 64), 2),
  host: v.optional(text, '127.0.0.1'),
  port: v.optional(port, 8080),
  stopSeconds: v.optional(whole(0, 86_400), 20),
  leaseSeconds: v.optional(whole(5, 3600), 30),
  reconcileSeconds: v.optional(whole(5, 86_400), 300),
  reconcileOverlapSeconds: v.optional(whole(60, 86_400), 3600),
  reconcileAllHours: v.optional(whole(1, 336), 24),
  retentionDays: v.optional(whole(1, 3650), 14),
  ffmpegPath: v.optional(text),
  adminHost: v.optional(text, '127.0.0.1'),
  adminPort: v.optional(
    v.union([v.literal(OFF), port], 'expected a whole number from 0 to 65535, or "off"'),
    8081,
  ),
  apiTokens: v.optional(v.array(token, 'expected a list of tokens'), []),
  logLevel: v.optional(oneOf(LOG_LEVELS), 'info'),
  notify: v.optional(v.array(endpoint, 'expected a list of endpoints'), []),
  muxed: v.optional(OUTPUT_SETTINGS.muxed),
  mix: v.optional(OUTPUT_SETTINGS.mix),
  gaps: v.optional(OUTPUT_SETTINGS.gaps),
  align: v.optional(OUTPUT_SETTINGS.align),
  callTypes: v.optional(CALL_TYPES, {}),
  publicUrl: v.optional(baseUrl),
  queues: v.optional(v.array(queue, 'expected a list of queues'), []),
  topics: v.optional(v.record(topicArn, text, 'expected { "topic’s ARN": "app’s key" }'), {}),
});

export type Config = v.InferOutput<typeof SETTINGS>;
export type SettingName = keyof Config;

/** Too much for a variable; apps and endpoints have some of their own. */
type OfFileOnly = 'apps' | 'callTypes' | 'mix' | 'muxed' | 'notify' | 'queues' | 'topics';

/** The variable of the environment that each setting is read from; it goes before the file. */
export const VARIABLES = {
  databaseUrl: { name: 'DATABASE_URL', read: asText },
  dataFolder: { name: 'RAWREEL_DATA', read: asText },
  output: { name: 'RAWREEL_OUTPUT', read: asText },
  template: { name: 'RAWREEL_TEMPLATE', read: asText },
  make: { name: 'RAWREEL_MAKE', read: (value) => value.split(',').map((one) => one.trim()) },
  verify: { name: 'RAWREEL_VERIFY', read: (value) => ({ true: true, false: false })[value] ?? value },
  workers: { name: 'RAWREEL_WORKERS', read: asNumber },
  host: { name: 'RAWREEL_HOST', read: asText },
  port: { name: 'RAWREEL_PORT', read: asNumber },
  stopSeconds: { name: 'RAWREEL_STOP_SECONDS', read: asNumber },
  leaseSeconds: { name: 'RAWREEL_LEASE_SECONDS', read: asNumber },
  reconcileSeconds: { name: 'RAWREEL_RECONCILE_SECONDS', read: asNumber },
  reconcileOverlapSeconds: { name: 'RAWREEL_RECONCILE_OVERLAP_SECONDS', read: asNumber },
  reconcileAllHours: { name: 'RAWREEL_RECONCILE_ALL_HOURS', read: asNumber },
  retentionDays: { name: 'RAWREEL_RETENTION_DAYS', read: asNumber },
  ffmpegPath: { name: 'FFMPEG_PATH', read: asText },
  adminHost: { name: 'RAWREEL_ADMIN_HOST', read: asText },
  adminPort: { name: 'RAWREEL_ADMIN_PORT', read: asNumber },
  apiTokens: { name: 'RAWREEL_API_TOKEN', read: (value) => [value] },
  logLevel: { name: 'RAWREEL_LOG_LEVEL', read: asText },
  gaps: { name: 'RAWREEL_GAPS', read: asText },
  align: { name: 'RAWREEL_ALIGN', read: asText },
  publicUrl: { name: 'RAWREEL_PUBLIC_URL', read: asText },
} as const satisfies Record<
  Exclude<SettingName, OfFileOnly>,
  { readonly name: string; readonly read: (value: string) => unknown }
>;

/** A variable of this name, and `_FILE`, names a file that has the value: what holds secrets need not be in an environment. */
export const SECRET_VARIABLES = ['STREAM_API_SECRET', 'STREAM_API_SECRET_OLD', 'DATABASE_URL'] as const;

/** Of one app; files have as many as are wished. */
export const APP_VARIABLES = {
  apiKey: 'STREAM_API_KEY',
  secret: 'STREAM_API_SECRET',
  oldSecret: 'STREAM_API_SECRET_OLD',
  baseUrl: 'STREAM_BASE_URL',
} as const;

/** Of one endpoint; files have as many as are wished. */
export const NOTIFY_VARIABLES = {
  url: 'RAWREEL_NOTIFY_URL',
  /** With commas, the one that holds first. */
  secrets: 'RAWREEL_NOTIFY_SECRET',
} as const;

function asText(value: string): string {
  return value;
}

function asNumber(value: string): unknown {
  return /^\d+$/.test(value) ? Number(value) : value;
}
