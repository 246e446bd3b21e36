import { safeBaseUrl } from '@rawreel/recording-control';
import * as v from 'valibot';
import { CALL_TYPES } from './call-types.ts';
import { MAKING } from './making.ts';
import { checked, settingsOf, text, whole } from './values.ts';

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
  output: v.optional(MAKING.output, 'media'),
  template: v.optional(MAKING.template, '{date}/{callType}/{callId}/{startedAt}'),
  make: v.optional(MAKING.make, ['audio', 'video', 'muxed', 'mix']),
  verify: v.optional(MAKING.verify, true),
  workers: v.optional(whole(1, 64), 2),
  host: v.optional(text, '127.0.0.1'),
  port: v.optional(whole(0, 65_535), 8080),
  stopSeconds: v.optional(whole(0, 86_400), 20),
  ffmpegPath: v.optional(text),
  muxed: v.optional(MAKING.muxed),
  mix: v.optional(MAKING.mix),
  gaps: v.optional(MAKING.gaps),
  align: v.optional(MAKING.align),
  callTypes: v.optional(CALL_TYPES, {}),
  publicUrl: v.optional(baseUrl),
});

export type Config = v.InferOutput<typeof SETTINGS>;
export type SettingName = keyof Config;

/** Too much for a variable; apps have four of their own. */
type OfFileOnly = 'apps' | 'callTypes' | 'mix' | 'muxed';

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
  ffmpegPath: { name: 'FFMPEG_PATH', read: asText },
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

function asText(value: string): string {
  return value;
}

function asNumber(value: string): unknown {
  return /^\d+$/.test(value) ? Number(value) : value;
}
