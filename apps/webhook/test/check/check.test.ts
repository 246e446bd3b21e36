import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { signedFetch, startS3Server } from '@rawreel/s3-server';
import { type StreamApi, startStreamApi } from '@rawreel/stream-api';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Check } from '../../src/check/check.ts';
import { runProgram } from '../../src/cli/program.ts';
import { createReceiveApp } from '../../src/http/receive-app.ts';
import { Store, serve } from '../builders/receiver.ts';
import { serveFiles, temporaryFolder } from '../builders/service.ts';
import { certificateOf } from '../builders/sns.ts';

let api: StreamApi;
beforeAll(async () => {
  api = await startStreamApi();
});
afterAll(() => api.stop());

/** Runs it with all that it takes, but for what a test breaks. */
async function check(broken: Record<string, string | undefined> = {}, ...args: string[]) {
  const { PATH } = process.env;
  const folder = temporaryFolder();
  const env = {
    PATH,
    STREAM_API_KEY: api.apiKey,
    STREAM_API_SECRET: api.secret,
    STREAM_BASE_URL: api.url,
    RAWREEL_DATA: join(folder, 'data'),
    RAWREEL_OUTPUT: join(folder, 'media'),
    RAWREEL_PORT: '0',
    ...broken,
  };
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const nodeVersion = process.versions.node;
  const context = { env, stdout, stderr, signal: new AbortController().signal, nodeVersion };
  const exitCode = await runProgram(['check', ...args, '--json'], context);
  stdout.end();
  const told = await text(stdout);
  expect(told).not.toContain(api.secret);
  const { ready, checks } = JSON.parse(told) as { ready: boolean; checks: readonly Check[] };
  return { exitCode, ready, checks, of: (name: string) => checks.find((each) => each.name.startsWith(name)) };
}

/** A receiver as `serve` has it, which stores in memory. */
async function receiver(secret: string) {
  const store = new Store();
  const served = await serve(
    createReceiveApp({ secrets: { [api.apiKey]: secret }, take: store.take, ready: async () => true }),
  );
  onTestFinished(() => served[Symbol.asyncDispose]());
  return { ...served, store };
}

test('where all is there nothing fails, and the only trace is an event that tells of nothing', async () => {
  const { url, port, store } = await receiver(api.secret);
  const found = await check({ RAWREEL_PUBLIC_URL: `${url}/`, RAWREEL_PORT: String(port) });
  expect(found.checks.filter(({ state }) => state === 'fail')).toEqual([]);
  expect([found.exitCode, found.ready]).toEqual([0, true]);
  expect(found.checks.map(({ name, found: what }) => [name.split(' ')[0], what])).toEqual([
    ['configuration', 'all settings are valid'],
    ['app', 'Stream accepts its key and secret'],
    ['database', expect.stringContaining('the start will run 0001-ledger')],
    ['clock', 'in step with Stream'],
    ['output', 'a file was written to it, read and removed'],
    ['ffmpeg', expect.any(String)],
    ['memory', expect.stringContaining('free; a recording takes')],
    ['disk', expect.stringMatching(/^recordings of up to .* fit$/)],
    ['port', `a receiver runs on 127.0.0.1:${port} already`],
    ['public', 'a signed event was received and stored'],
  ]);
  expect(store.events).toMatchObject([{ type: 'rawreel.check' }]);
  expect(store.facts).toEqual([]);
});

test('who only works needs neither port nor public URL, and who only receives no place for files', async () => {
  const names = async (command: string) =>
    (await check({}, command)).checks.map(({ name }) => name.split(' ')[0]);
  const both = ['configuration', 'app', 'database', 'clock'];
  expect(await names('work')).toEqual([...both, 'output', 'ffmpeg', 'memory', 'disk']);
  expect(await names('receive')).toEqual([...both, 'port', 'public']);
});

test.each([
  ['STREAM_API_SECRET', 'wrong', /the API key or its secret is refused \(Token signature is invalid\)/],
  ['STREAM_API_KEY', 'wrong', /the API key or its secret is refused \(api_key not valid\)/],
  ['STREAM_BASE_URL', 'http://127.0.0.1:2', /cannot be reached \(connect ECONNREFUSED/],
])('an app that Stream does not open: %s is %s', async (name, value, told) => {
  const { exitCode, ready, of } = await check({ [name]: value }, 'receive');
  expect([exitCode, ready]).toEqual([1, false]);
  expect(of('app')).toMatchObject({ state: 'fail', advice: expect.stringContaining('Check') });
  expect(of('app')?.found).toMatch(told);
});

test('a clock that is an hour ahead', async () => {
  const late = await startStreamApi({ now: () => Date.now() - 3600_000 });
  onTestFinished(() => late.stop());
  const { of } = await check({ STREAM_BASE_URL: late.url }, 'receive');
  expect(of('app')).toMatchObject({ state: 'ok' });
  expect(of('clock')).toMatchObject({
    state: 'fail',
    found: expect.stringMatching(/^3(?:599|60\d) s ahead of the clock of Stream$/),
  });
});

test('a database that does not answer; a data folder that takes no files', async () => {
  const { of } = await check({ DATABASE_URL: 'postgresql://u:hush@127.0.0.1:2/rawreel' }, 'receive');
  expect(of('database')).toMatchObject({
    state: 'fail',
    found: 'The database at 127.0.0.1:2/rawreel does not answer',
    advice: expect.stringContaining('ECONNREFUSED'),
  });
  const closed = await check({ RAWREEL_DATA: '/proc/rawreel' }, 'receive');
  expect(closed.of('database')).toMatchObject({
    state: 'fail',
    found: 'Nothing can be written to /proc (ENOENT)',
  });
});

test('a bucket that is not there, and one that refuses; a folder that takes no files', async () => {
  const server = await startS3Server();
  onTestFinished(() => server.stop());
  await signedFetch(server, 'PUT', '/media');
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
  vi.stubEnv('AWS_REGION', server.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
  const path = join(temporaryFolder(), 'rawreel.json');
  writeFileSync(path, '{ "callTypes": { "livestream": { "output": "/proc/media" } } }');
  const found = await check({ RAWREEL_OUTPUT: 's3://media/calls', RAWREEL_CONFIG: path }, 'work');
  expect(found.of('output s3://media/calls')).toMatchObject({ state: 'ok' });
  expect(found.of('output /proc/media')).toMatchObject({
    state: 'fail',
    advice: expect.stringContaining('Choose another folder'),
  });
  const missing = await check({ RAWREEL_OUTPUT: 's3://nowhere' }, 'work');
  expect(missing.of('output')).toMatchObject({
    state: 'fail',
    found: expect.stringContaining('its bucket does not exist'),
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.stranger.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.stranger.secretAccessKey);
  const refused = await check({ RAWREEL_OUTPUT: 's3://media/calls' }, 'work');
  expect(refused.of('output')).toMatchObject({
    state: 'fail',
    advice: expect.stringContaining('s3:PutObject'),
  });
});

test('no ffmpeg, and one without the encoder of a mix that is configured', async () => {
  const folder = temporaryFolder();
  const none = await check({ FFMPEG_PATH: join(folder, 'none') }, 'work');
  expect(none.of('ffmpeg')).toMatchObject({
    state: 'fail',
    found: `there is no ffmpeg at ${join(folder, 'none')}`,
    advice: expect.stringContaining('apt-get install ffmpeg'),
  });
  const poor = join(folder, 'ffmpeg');
  writeFileSync(poor, '#!/bin/sh\necho "ffmpeg version 7.1"\necho " A....D libopus  Opus"\n');
  chmodSync(poor, 0o755);
  const config = join(folder, 'rawreel.json');
  writeFileSync(
    config,
    '{ "mix": { "format": "opus" }, "callTypes": { "x": { "mix": { "format": "mp3" } } } }',
  );
  const found = await check({ FFMPEG_PATH: poor, RAWREEL_CONFIG: config }, 'work');
  expect(found.of('ffmpeg')).toMatchObject({
    state: 'fail',
    found: `7.1, ${poor}, has no encoder libmp3lame`,
  });
  const unneeded = { RAWREEL_MAKE: 'audio', RAWREEL_VERIFY: 'false', FFMPEG_PATH: '/not/there' };
  expect((await check(unneeded, 'work')).of('ffmpeg')).toMatchObject({ state: 'warn' });
});

test('a port that another program has', async () => {
  const other = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  expect((await check({ RAWREEL_PORT: String(port) }, 'receive')).of('port')).toMatchObject({
    state: 'fail',
    advice: expect.stringContaining('Another program uses it'),
  });
  const strange = await check({ RAWREEL_HOST: '192.0.2.1' }, 'receive');
  expect(strange.of('port')).toMatchObject({
    state: 'fail',
    found: expect.stringContaining('EADDRNOTAVAIL'),
  });
});

const publicUrl = async (url: string) =>
  (await check({ RAWREEL_PUBLIC_URL: url }, 'receive')).of('public URL');

test('a public URL that leads elsewhere', async () => {
  const answering = (listener: RequestListener) => serveFiles(listener);
  const site = await answering((_request, response) => response.end('<html>Welcome</html>'));
  expect(await publicUrl(site)).toMatchObject({
    state: 'fail',
    found: `${site} answers 200, which the receiver does not`,
  });
  const moved = await answering((_request, response) => {
    response.writeHead(301, { location: 'https://elsewhere.example/' }).end();
  });
  expect(await publicUrl(moved)).toMatchObject({
    state: 'fail',
    found: `${moved} answers 301 (a redirect), which the receiver does not`,
    advice: expect.stringContaining('Stream follows no redirects'),
  });
  const { url } = await receiver('another secret');
  expect(await publicUrl(url)).toMatchObject({
    state: 'fail',
    found: 'a signed event is answered 401 bad-signature',
    advice: expect.stringContaining('another secret for this app'),
  });
});

test('a public URL whose receiver is not started yet is a warning', async () => {
  const proxy = await serveFiles((_request, response) => response.writeHead(502).end());
  expect(await publicUrl(proxy)).toMatchObject({ state: 'warn', advice: expect.stringContaining('Start') });
  expect(await publicUrl('http://127.0.0.1:2')).toMatchObject({ state: 'warn' });
  expect(await publicUrl('https://nobody.invalid')).toMatchObject({
    state: 'fail',
    found: expect.stringContaining('ENOTFOUND'),
  });
});

test('a public URL whose certificate nobody has signed', async () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createHttpsServer(
    {
      key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: certificateOf(keys, Date.now() - 1000, Date.now() + 3600_000),
    },
    (_request, response) => response.end(),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect(await publicUrl(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)).toMatchObject({
    state: 'fail',
    found: expect.stringMatching(/has a certificate that is not accepted \(self-signed certificate\)$/),
  });
});

test('a call type that is set otherwise at Stream is told with the command, and not changed', async () => {
  const path = join(temporaryFolder(), 'rawreel.json');
  writeFileSync(path, '{ "callTypes": { "default": { "settings": { "mode": "auto-on" } } } }');
  expect((await check({ RAWREEL_CONFIG: path }, 'receive')).of('settings')).toMatchObject({
    state: 'warn',
    advice: 'To set it: rawreel settings set --call-type default --mode auto-on',
  });
  expect(api.requests.map(({ operation }) => operation)).not.toContain('UpdateCallType');
});

test('what is wrong with the configuration is all told, and nothing else is looked at', async () => {
  const { exitCode, checks } = await check({ RAWREEL_WORKERS: '0', RAWREEL_PORT: 'x' });
  expect(exitCode).toBe(1);
  expect(checks.map(({ state, found }) => [state, found])).toEqual([
    ['fail', 'RAWREEL_WORKERS: expected a whole number from 1 to 64'],
    ['fail', 'RAWREEL_PORT: expected a whole number from 0 to 65535'],
  ]);
  expect((await check({ STREAM_API_KEY: '', STREAM_API_SECRET: '' })).checks).toMatchObject([
    { state: 'fail', found: expect.stringContaining('STREAM_API_KEY, STREAM_API_SECRET: are missing') },
  ]);
});
