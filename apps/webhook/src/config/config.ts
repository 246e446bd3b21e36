import { isDestination } from '@rawreel/delivery';
import { safeBaseUrl } from '@rawreel/recording-control';
import * as v from 'valibot';
import { templateProblem } from '../work/template.ts';

/** What process-all makes. */
const MADE = ['audio', 'video', 'muxed', 'mix', 'transcription'] as const;

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
  port: v.optional(whole(0, 65_535), 8080),
  stopSeconds: v.optional(whole(0, 86_400), 20),
  ffmpegPath: v.optional(text),
  queues: v.optional(v.array(queue, 'expected a list of queues'), []),
  topics: v.optional(v.record(topicArn, text, 'expected { "topic’s ARN": "app’s key" }'), {}),
});

export type Config = v.InferOutput<typeof SETTINGS>;
export type SettingName = keyof Config;

/** The variable of the environment that each setting is read from; it goes before the file. Apps have four of their own, and ways in none. */
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
} as const satisfies Record<
  Exclude<SettingName, 'apps' | 'queues' | 'topics'>,
  { readonly name: string; readonly read: (value: string) => unknown }
>;

/** Of one app; files have as many as are wished. */
export const APP_VARIABLES = {
  apiKey: 'STREAM_API_KEY',
  secret: 'STREAM_API_SECRET',
  oldSecret: 'STREAM_API_SECRET_OLD',
  baseUrl: 'STREAM_BASE_URL',
} as const;

function asText(value: string): string {
  return value;
}

function asNumber(value: string): unknown {
  return /^\d+$/.test(value) ? Number(value) : value;
}
