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
  leaseSeconds: v.optional(whole(5, 3600), 30),
  reconcileSeconds: v.optional(whole(5, 86_400), 300),
  reconcileOverlapSeconds: v.optional(whole(60, 86_400), 3600),
  reconcileAllHours: v.optional(whole(1, 336), 24),
  retentionDays: v.optional(whole(1, 3650), 14),
  ffmpegPath: v.optional(text),
});

export type Config = v.InferOutput<typeof SETTINGS>;
export type SettingName = keyof Config;

/** The variable of the environment that each setting is read from; it goes before the file. Apps have four of their own. */
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
} as const satisfies Record<
  Exclude<SettingName, 'apps'>,
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
