import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ConfigError } from '../../src/config/config-error.ts';
import { readConfig } from '../../src/config/read-config.ts';

const SECRET = `whsec_${Buffer.alloc(32, 'new').toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(24, 'old').toString('base64')}`;
const APP = { STREAM_API_KEY: 'k1', STREAM_API_SECRET: 's1' };

/** A file in a folder of its own; messages name it as `$file`. */
function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'rawreel.json');
  writeFileSync(path, text);
  return path;
}

async function problems(env: Record<string, string>, path?: string): Promise<readonly string[]> {
  const error = await readConfig(env, path).catch((error: ConfigError) => error);
  if (!('problems' in error)) throw new Error('it was taken');
  return error.problems.map(({ where, what }) => `${where}: ${what}`.replace(path ?? '\0', '$file'));
}

test('nothing but an app is needed', async () => {
  expect(await readConfig(APP, undefined)).toEqual({
    apps: [{ apiKey: 'k1', secrets: ['s1'], baseUrl: undefined }],
    dataFolder: 'rawreel-data',
    output: 'media',
    template: '{date}/{callType}/{callId}/{startedAt}',
    make: ['audio', 'video', 'muxed', 'mix'],
    verify: true,
    workers: 2,
    host: '127.0.0.1',
    port: 8080,
    stopSeconds: 20,
    adminHost: '127.0.0.1',
    adminPort: 8081,
    apiTokens: [],
    logLevel: 'info',
    notify: [],
    callTypes: {},
    queues: [],
    topics: {},
    leaseSeconds: 30,
    reconcileSeconds: 300,
    reconcileOverlapSeconds: 3600,
    reconcileAllHours: 24,
    retentionDays: 14,
  });
});

test('all variables; one that is empty is none', async () => {
  const env = {
    ...APP,
    STREAM_API_SECRET_OLD: 's0',
    STREAM_BASE_URL: 'http://127.0.0.1:9/',
    DATABASE_URL: 'postgres://u:p@db.example/rawreel',
    RAWREEL_DATA: '/var/lib/rawreel',
    RAWREEL_OUTPUT: 's3://bucket/calls',
    RAWREEL_TEMPLATE: '{callId}',
    RAWREEL_MAKE: 'audio, mix',
    RAWREEL_VERIFY: 'false',
    RAWREEL_WORKERS: '8',
    RAWREEL_HOST: '0.0.0.0',
    RAWREEL_PORT: '',
    RAWREEL_STOP_SECONDS: '0',
    RAWREEL_LEASE_SECONDS: '60',
    RAWREEL_RECONCILE_SECONDS: '900',
    RAWREEL_RECONCILE_OVERLAP_SECONDS: '1200',
    RAWREEL_RECONCILE_ALL_HOURS: '168',
    RAWREEL_RETENTION_DAYS: '30',
    FFMPEG_PATH: '/opt/ffmpeg',
    RAWREEL_ADMIN_HOST: '10.0.0.1',
    RAWREEL_ADMIN_PORT: 'off',
    RAWREEL_API_TOKEN: 'sixteen-letters!',
    RAWREEL_LOG_LEVEL: 'warn',
    RAWREEL_NOTIFY_URL: 'https://app.example/hook',
    RAWREEL_NOTIFY_SECRET: `${SECRET}, ${OLD_SECRET}`,
    RAWREEL_GAPS: 'keep',
    RAWREEL_ALIGN: 'recording',
    RAWREEL_PUBLIC_URL: 'https://media.example/rawreel',
  };
  expect(await readConfig(env, undefined)).toEqual({
    apps: [{ apiKey: 'k1', secrets: ['s1', 's0'], baseUrl: 'http://127.0.0.1:9/' }],
    databaseUrl: 'postgres://u:p@db.example/rawreel',
    dataFolder: '/var/lib/rawreel',
    output: 's3://bucket/calls',
    template: '{callId}',
    make: ['audio', 'mix'],
    verify: false,
    workers: 8,
    host: '0.0.0.0',
    port: 8080,
    stopSeconds: 0,
    leaseSeconds: 60,
    reconcileSeconds: 900,
    reconcileOverlapSeconds: 1200,
    reconcileAllHours: 168,
    retentionDays: 30,
    ffmpegPath: '/opt/ffmpeg',
    adminHost: '10.0.0.1',
    adminPort: 'off',
    apiTokens: ['sixteen-letters!'],
    logLevel: 'warn',
    notify: [{ url: 'https://app.example/hook', secrets: [SECRET, OLD_SECRET] }],
    gaps: 'keep',
    align: 'recording',
    callTypes: {},
    publicUrl: 'https://media.example/rawreel',
    queues: [],
    topics: {},
  });
});

test('a file may have comments and several apps; the environment goes before it and adds its app', async () => {
  const path = fileOf(`{
    // two apps
    "apps": [{ "apiKey": "a", "secrets": ["new", "old"] }, { "apiKey": "b", "secrets": ["s"] },],
    "workers": 3,
    "port": 9000
  }`);
  const config = await readConfig({ ...APP, RAWREEL_WORKERS: '4' }, path);
  expect(config.apps.map(({ apiKey, secrets }) => [apiKey, ...secrets])).toEqual([
    ['a', 'new', 'old'],
    ['b', 's'],
    ['k1', 's1'],
  ]);
  expect([config.workers, config.port]).toEqual([4, 9000]);
});

test('everything that is wrong at once, each with its line or its variable, and without its value', async () => {
  const path = fileOf(`{
  "apps": [
    { "apiKey": "a", "secrets": [] },
    { "secrets": ["hush", 7], "baseUrl": "http://example.com/" },
    "hush"
  ],
  "databaseUrl": "mysql://user:hush@host/db",
  "output": "https://example.com/?hush",
  "template": "../{callId}",
  "make": ["audio", "film"],
  "verify": "hush",
  "workers": 0,
  "adminPort": "hush",
  "apiTokens": ["hush", "hush hush hush hush"],
  "logLevel": "hush",
  "wrokers": 2,
  "tamplate": 1
}`);
  const found = await problems({ RAWREEL_PORT: '65536', RAWREEL_STOP_SECONDS: '1.5' }, path);
  const settings =
    'apps, databaseUrl, dataFolder, output, template, make, verify, workers, host, port, stopSeconds, leaseSeconds, reconcileSeconds, reconcileOverlapSeconds, reconcileAllHours, retentionDays, ffmpegPath, adminHost, adminPort, apiTokens, logLevel, notify, muxed, mix, gaps, align, callTypes, publicUrl, queues, topics';
  expect(found).toEqual([
    '$file:3 apps.0.secrets: expected at least one secret',
    '$file:4 apps.1.apiKey: is missing',
    '$file:4 apps.1.secrets.1: expected text',
    '$file:4 apps.1.baseUrl: expected an https:// address, or http:// of this machine',
    '$file:5 apps.2: expected { "apiKey", "secrets": […] }',
    '$file:7 databaseUrl: expected postgresql://user:password@host:port/database',
    '$file:8 output: expected a folder, or s3://bucket/prefix',
    '$file:9 template: it begins or ends with /, has // in it, or a folder . or ..',
    '$file:10 make.1: expected some of audio, video, muxed, mix, transcription, composite, editor, podcast',
    '$file:11 verify: expected true or false',
    '$file:12 workers: expected a whole number from 1 to 64',
    'RAWREEL_PORT: expected a whole number from 0 to 65535',
    'RAWREEL_STOP_SECONDS: expected a whole number from 0 to 86400',
    '$file:13 adminPort: expected a whole number from 0 to 65535, or "off"',
    '$file:14 apiTokens.0: expected 16 or more characters of ASCII without blanks',
    '$file:14 apiTokens.1: expected 16 or more characters of ASCII without blanks',
    '$file:15 logLevel: expected one of debug, info, warn, error, silent',
    `$file:16 wrokers: is no setting; there are ${settings}`,
    `$file:17 tamplate: is no setting; there are ${settings}`,
  ]);
  expect(found.join('\n')).not.toContain('hush');
});

test.each([
  ['{ "workers": 2', '$file:1: is no JSON (CloseBraceExpected)'],
  ['{\n  "workers": two\n}', '$file:2: is no JSON (InvalidSymbol)'],
  ['', '$file:1: is no JSON (ValueExpected)'],
  ['[]', '$file:1: expected an object'],
  ['{ "apps": {} }', '$file:1 apps: expected a list of apps'],
  ['{ "apps": [{ "apiKey": "k1", "secrets": ["x"] }] }', 'STREAM_API_KEY: is the key of an app before, too'],
])('a file that is %j', async (text, problem) => {
  expect(await problems(APP, fileOf(text))).toContain(problem);
});

test('a file that is not there; half an app in the environment', async () => {
  expect(await problems({}, '/not/there.json')).toEqual(['$file: cannot be read (ENOENT)']);
  expect(await problems({ STREAM_API_SECRET: 's' })).toEqual([
    'STREAM_API_KEY: is missing, and STREAM_API_SECRET is set',
  ]);
});

test('what is wrong with who is to be told, all at once, and without the secrets', async () => {
  const short = `whsec_${Buffer.alloc(23, 'hush').toString('base64')}`;
  const path = fileOf(`{
  "apps": [{ "apiKey": "a", "secrets": ["s"] }],
  "notify": [
    { "url": "http://app.example/hook", "secrets": ["hush"] },
    { "url": "https://app.example/hook?token=hush", "secrets": [] },
    { "url": "https://app.example/hook", "secrets": ["${short}"], "events": ["recording.done", "done"] },
    { "secrets": ["${SECRET}"], "apiKeys": [], "kinds": [] }
  ]
}`);
  const found = await problems({ RAWREEL_NOTIFY_URL: 'x', RAWREEL_NOTIFY_SECRET: 'hush' }, path);
  const secret =
    'expected whsec_ and 24 to 64 bytes in base64: echo "whsec_$(openssl rand -base64 32)" makes one';
  const address = 'expected an https:// address, or http:// of this machine';
  expect(found).toEqual([
    `$file:4 notify.0.url: ${address}`,
    `$file:4 notify.0.secrets.0: ${secret}`,
    `$file:5 notify.1.url: ${address}`,
    '$file:5 notify.1.secrets: expected at least one secret',
    `$file:6 notify.2.secrets.0: ${secret}`,
    '$file:6 notify.2.events.1: expected some of recording.done, recording.failed, recording.expired, recording.expiring',
    '$file:7 notify.3.url: is missing',
    '$file:7 notify.3.apiKeys: expected at least one API key',
    '$file:7 notify.3.kinds: is no setting; there are url, secrets, events, apiKeys',
    `RAWREEL_NOTIFY_URL: ${address}`,
    `RAWREEL_NOTIFY_SECRET: ${secret}`,
  ]);
  expect(found.join('\n')).not.toContain('hush');
});

test('an endpoint of the environment is added to those of the file; each address once, and apps that there are', async () => {
  const path = fileOf(`{ "notify": [
    { "url": "https://app.example/hook", "secrets": ["${SECRET}"], "apiKeys": ["k1", "k2"] }
  ] }`);
  const env = { ...APP, RAWREEL_NOTIFY_URL: 'https://app.example/hook', RAWREEL_NOTIFY_SECRET: SECRET };
  expect(await problems(env, path)).toEqual([
    '$file:2 notify.0.apiKeys.1: is the key of no app',
    'RAWREEL_NOTIFY_URL: is the address of an endpoint before, too',
  ]);
  expect(await problems({ ...APP, RAWREEL_NOTIFY_SECRET: SECRET })).toEqual([
    'RAWREEL_NOTIFY_URL: is missing, and RAWREEL_NOTIFY_SECRET is set',
  ]);
});

test('a call type has settings of its own; every one that is wrong is told with its line', async () => {
  const right = fileOf(`{
    "mix": { "format": "opus", "bitrateKbps": 48 },
    "callTypes": {
      "audio_room": { "make": ["mix", "transcription"], "mix": { "format": "wav", "layout": "per-user" } },
      "livestream": { "output": "s3://streams", "settings": { "mode": "auto-on", "enforce": true } }
    }
  }`);
  expect(await readConfig(APP, right)).toMatchObject({
    mix: { format: 'opus', bitrateKbps: 48 },
    callTypes: {
      audio_room: { make: ['mix', 'transcription'], mix: { format: 'wav', layout: 'per-user' } },
      livestream: { output: 's3://streams', settings: { mode: 'auto-on', enforce: true } },
    },
  });
  const wrong = fileOf(`{
    "mix": { "format": "ogg", "loudnessLufs": 16, "gateDbov": 50 },
    "muxed": { "container": "avi" },
    "callTypes": {
      "audio_room": { "mix": { "layout": "per-user" } },
      "livestream": { "mix": { "format": "flac", "bitrateKbps": 96 } },
      "default": { "workers": 2, "make": [] },
      "meeting": { "settings": { "enforce": true } },
      "../x": {}
    }
  }`);
  const own = 'output, template, make, verify, muxed, mix, gaps, align, settings';
  expect(await problems(APP, wrong)).toEqual([
    '$file:3 muxed.container: expected one of mkv, mp4, webm',
    '$file:2 mix.format: expected one of mp3, m4a, opus, wav, flac, mkv',
    '$file:2 mix.loudnessLufs: expected a number from -70 to -5',
    '$file:2 mix.gateDbov: expected a number from -126 to -1',
    '$file:5 callTypes.audio_room.mix.layout: per-user needs the format wav or mkv',
    '$file:6 callTypes.livestream.mix.bitrateKbps: wav and flac are lossless, and have no bitrate',
    '$file:7 callTypes.default.make: expected some of audio, video, muxed, mix, transcription, composite, editor, podcast',
    `$file:7 callTypes.default.workers: is no setting; there are ${own}`,
    '$file:8 callTypes.meeting.settings: expected mode, audioOnly or both',
    '$file:9 callTypes.../x: is no name of a call type: expected letters, digits, - and _',
  ]);
});

test('secrets can come from files, without the line break at their end', async () => {
  const [secret, url] = [fileOf('s1\n'), fileOf('postgresql://u:p@db/rawreel\r\n')];
  const env = { STREAM_API_KEY: 'k1', STREAM_API_SECRET_FILE: secret, DATABASE_URL_FILE: url };
  expect(await readConfig(env, undefined)).toMatchObject({
    apps: [{ apiKey: 'k1', secrets: ['s1'] }],
    databaseUrl: 'postgresql://u:p@db/rawreel',
  });
  const wrong = { ...APP, STREAM_API_SECRET_FILE: secret, STREAM_API_SECRET_OLD_FILE: '/not/there' };
  expect(await problems({ ...wrong, DATABASE_URL_FILE: fileOf('\n') })).toEqual([
    'STREAM_API_SECRET_FILE: is set, and so is STREAM_API_SECRET',
    'STREAM_API_SECRET_OLD_FILE: /not/there cannot be read (ENOENT)',
    expect.stringMatching(/^DATABASE_URL_FILE: .* is empty$/),
  ]);
});

const ARN = 'arn:aws:sns:eu-central-1:123456789012:stream-events';

test('queues and topics, each with the key of an app of the file or the environment', async () => {
  const url = 'https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events';
  const path = fileOf(`{ "queues": [{ "url": "${url}", "apiKey": "k1" }], "topics": { "${ARN}": "k1" } }`);
  const { queues, topics } = await readConfig(APP, path);
  expect({ queues, topics }).toEqual({ queues: [{ url, apiKey: 'k1' }], topics: { [ARN]: 'k1' } });
});

test('a failover bucket', async () => {
  const app = '"apiKey": "a", "secrets": ["s"]';
  const path = fileOf(
    `{ "apps": [{ ${app}, "failover": { "bucket": "s3://left/events", "profile": "google" } }] }`,
  );
  const { apps } = await readConfig({}, path);
  expect(apps[0]?.failover).toEqual({ bucket: 's3://left/events', profile: 'google' });
  const wrong = fileOf(`{ "apps": [{ ${app},
    "failover": { "bucket": "left", "key": "hush" } }, { "apiKey": "b", "secrets": ["s"], "failover": "left" }] }`);
  expect(await problems({}, wrong)).toEqual([
    '$file:2 apps.0.failover.bucket: expected s3://bucket or s3://bucket/path',
    '$file:2 apps.0.failover.key: is no setting; there are bucket, endpoint, region, profile',
    '$file:2 apps.1.failover: expected { "bucket" }',
  ]);
});

test('a queue or topic of an app that is not there, or that is none', async () => {
  const unknown = fileOf(`{
  "queues": [{ "url": "https://q.example/1/q", "apiKey": "k2" }],
  "topics": { "${ARN}": "k3" }
}`);
  expect(await problems(APP, unknown)).toEqual([
    '$file:2 queues.0.apiKey: is the key of none of the apps',
    `$file:3 topics.${ARN}: is the key of none of the apps`,
  ]);
  const none = fileOf(`{
  "queues": [{ "url": "events", "apiKey": "k1", "secret": "x" }, "https://q.example/1/q"],
  "topics": { "stream-events": "k1" }
}`);
  expect(await problems(APP, none)).toEqual([
    '$file:2 queues.0.url: expected an https:// address',
    '$file:2 queues.0.secret: is no setting; there are url, apiKey, region, endpoint',
    '$file:2 queues.1: expected { "url", "apiKey" }',
    '$file:3 topics.stream-events: is no ARN of an SNS topic',
  ]);
});
