import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ConfigError, readConfig } from '../../src/config/read-config.ts';

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
  "wrokers": 2,
  "tamplate": 1
}`);
  const found = await problems({ RAWREEL_PORT: '65536', RAWREEL_STOP_SECONDS: '1.5' }, path);
  const settings =
    'apps, databaseUrl, dataFolder, output, template, make, verify, workers, host, port, stopSeconds, leaseSeconds, reconcileSeconds, reconcileOverlapSeconds, reconcileAllHours, retentionDays, ffmpegPath';
  expect(found).toEqual([
    '$file:3 apps.0.secrets: expected at least one secret',
    '$file:4 apps.1.apiKey: is missing',
    '$file:4 apps.1.secrets.1: expected text',
    '$file:4 apps.1.baseUrl: expected an https:// address, or http:// of this machine',
    '$file:5 apps.2: expected { "apiKey", "secrets": […] }',
    '$file:7 databaseUrl: expected postgresql://user:password@host:port/database',
    '$file:8 output: expected a folder, or s3://bucket/prefix',
    '$file:9 template: it begins or ends with /, has // in it, or a folder . or ..',
    '$file:10 make.1: expected some of audio, video, muxed, mix, transcription',
    '$file:11 verify: expected true or false',
    '$file:12 workers: expected a whole number from 1 to 64',
    'RAWREEL_PORT: expected a whole number from 0 to 65535',
    'RAWREEL_STOP_SECONDS: expected a whole number from 0 to 86400',
    `$file:13 wrokers: is no setting; there are ${settings}`,
    `$file:14 tamplate: is no setting; there are ${settings}`,
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
