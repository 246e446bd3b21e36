import { isDestination } from '@rawreel/delivery';
import { safeBaseUrl } from '@rawreel/recording-control';
import * as v from 'valibot';
import { EVENT_TYPES } from '../notify/event-types.ts';
import { webhookSecretProblem } from '../notify/webhook-secret.ts';
import { templateProblem } from '../work/template.ts';

/** What process-all makes. */
const MADE = ['audio', 'video', 'muxed', 'mix', 'transcription'] as const;

/** What is logged: this level and those behind it. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** As the administration's port: none. */
export const OFF = 'off';

const LEAST_TOKEN_LENGTH = 16;

const text = v.pipe(v.string('expected text'), v.nonEmpty('expected text that is not empty'));

/** `problem` says what is wrong with a text; undefined: nothing. */
const checked = (problem: (value: string) => string | undefined) =>
  v.pipe(
    text,
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? problem(dataset.value) : undefined;
      if (message !== undefined) addIssue({ message });
    }),
  );

const whole = (least: number, most: number) => {
  const message = `expected a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(message),
    v.check((number) => Number.isInteger(number) && number >= least && number <= most, message),
  );
};

/** An object of these settings and no others, each of which is told. */
function settingsOf<Entries extends v.ObjectEntries>(entries: Entries, message?: string) {
  const others = v.never(`is no setting; there are ${Object.keys(entries).join(', ')}`);
  return v.objectWithRest(entries, others, message);
}

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

const app = settingsOf(
  {
    apiKey: text,
    secrets: v.pipe(
      v.array(text, 'expected a list of secrets, the one that holds first'),
      v.nonEmpty('expected at least one secret'),
    ),
    baseUrl: v.optional(baseUrl),
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
  output: v.optional(
    checked((value) => (isDestination(value) ? undefined : 'expected a folder, or s3://bucket/prefix')),
    'media',
  ),
  template: v.optional(checked(templateProblem), '{date}/{callType}/{callId}/{startedAt}'),
  make: v.optional(
    v.pipe(
      v.array(v.picklist(MADE, `expected some of ${MADE.join(', ')}`), `expected some of ${MADE.join(', ')}`),
      v.nonEmpty(`expected some of ${MADE.join(', ')}`),
    ),
    ['audio', 'video', 'muxed', 'mix'],
  ),
  verify: v.optional(v.boolean('expected true or false'), true),
  workers: v.optional(whole(1, 64), 2),
  host: v.optional(text, '127.0.0.1'),
  port: v.optional(port, 8080),
  stopSeconds: v.optional(whole(0, 86_400), 20),
  ffmpegPath: v.optional(text),
  adminHost: v.optional(text, '127.0.0.1'),
  adminPort: v.optional(
    v.union([v.literal(OFF), port], 'expected a whole number from 0 to 65535, or "off"'),
    8081,
  ),
  apiTokens: v.optional(v.array(token, 'expected a list of tokens'), []),
  logLevel: v.optional(v.picklist(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`), 'info'),
  notify: v.optional(v.array(endpoint, 'expected a list of endpoints'), []),
});

export type Config = v.InferOutput<typeof SETTINGS>;
export type SettingName = keyof Config;

/** The variable of the environment that each setting is read from; it goes before the file. Apps and endpoints have their own. */
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
  ffmpegPath: { name: 'FFMPEG_PATH', read: asText },
  adminHost: { name: 'RAWREEL_ADMIN_HOST', read: asText },
  adminPort: { name: 'RAWREEL_ADMIN_PORT', read: asNumber },
  apiTokens: { name: 'RAWREEL_API_TOKEN', read: (value) => [value] },
  logLevel: { name: 'RAWREEL_LOG_LEVEL', read: asText },
} as const satisfies Record<
  Exclude<SettingName, 'apps' | 'notify'>,
  { readonly name: string; readonly read: (value: string) => unknown }
>;

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
