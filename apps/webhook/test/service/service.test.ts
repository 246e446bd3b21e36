import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signedFetch, startS3Server } from '@rawreel/s3-server';
import { type StreamApi, startStreamApi } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import { expect, onTestFinished, test } from 'vitest';
import { EGRESS_ID, FILENAME, KEY, readyEvent, SECRET } from '../builders/events.ts';
import {
  ledgerIn,
  probe,
  Service,
  send,
  sendSample,
  serveFiles,
  temporaryFolder,
} from '../builders/service.ts';

/** Of the stand-in's app. */
const STAND_IN = { apiKey: 'rawreel-key', secret: 'rawreel-secret' };
const APP = { apiKey: KEY, secret: SECRET };

function settings(folder: string, { apiKey, secret } = APP): Record<string, string> {
  return {
    STREAM_API_KEY: apiKey,
    STREAM_API_SECRET: secret,
    // Nobody is there: what an event tells is enough.
    STREAM_BASE_URL: 'http://127.0.0.1:9',
    RAWREEL_DATA: join(folder, 'data'),
    RAWREEL_OUTPUT: join(folder, 'media'),
  };
}

async function standIn(options: Parameters<typeof startStreamApi>[0]): Promise<StreamApi> {
  const api = await startStreamApi({
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
    ...options,
  });
  onTestFinished(() => api.stop());
  return api;
}

async function record(api: StreamApi): Promise<void> {
  const { video } = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
  const call = video.call('default', 'standup');
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(1000);
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(10_000);
}

/** The folder with the files of the only recording. */
function outputsIn(folder: string): { readonly below: string; readonly files: readonly string[] } {
  const media = join(folder, 'media');
  const manifest = readdirSync(media, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('manifest.json'),
  );
  expect(manifest).toHaveLength(1);
  const below = join(manifest[0] ?? '', '..');
  return { below, files: readdirSync(join(media, below)).toSorted() };
}

const secretsIn = (text: string): readonly string[] =>
  ['Signature=', 'Expires=', 'rawreel-secret', SECRET].filter((secret) => text.includes(secret));

test('a call that is recorded becomes verified files, once, however often the event comes', async () => {
  const folder = temporaryFolder();
  const service = new Service('serve', settings(folder, STAND_IN));
  const url = await service.url();
  const api = await standIn({ webhookUrl: url, webhookGzip: true });
  await record(api);
  const done = await service.line(' → ');
  expect(done).toMatchObject({ level: 'info', call: 'default:standup', attempt: 1, files: 4 });
  expect(done.text).toMatch(/^4 files \(3\.0 MB\), verified, in /);

  const { below, files } = outputsIn(folder);
  expect(below).toMatch(/^\d{4}-\d\d-\d\d\/default\/standup\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/);
  const made = files.filter((file) => file !== 'manifest.json');
  expect(made.map((file) => probe(join(folder, 'media', below, file)))).toEqual([
    { kinds: ['audio'], seconds: 30 },
    { kinds: ['audio'], seconds: 30 },
    { kinds: ['audio', 'video'], seconds: 31 },
    { kinds: ['video'], seconds: 31 },
  ]);
  const manifest = JSON.parse(readFileSync(join(folder, 'media', below, 'manifest.json'), 'utf8')) as {
    files: { path: string; verified?: unknown }[];
  };
  expect(
    manifest.files
      .filter(({ verified }) => verified)
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(files.filter((file) => file !== 'manifest.json'));

  const recording = await ledgerIn(join(folder, 'data'), async (ledger) => {
    const { recordings } = await ledger.list({ limit: 10 });
    return recordings[0];
  });
  const again = readyEvent(
    { egress_id: recording?.egressId },
    {
      filename: recording?.filename,
      session_id: recording?.sessionId,
      url: 'https://recordings.example/rec.zip',
    },
  );
  for (const webhookId of ['one', 'one', 'two'])
    expect(await send(url, again, webhookId, api)).toBe('200 repeated');
  expect(await service.stop()).toBe(0);

  const [after, history] = await ledgerIn(join(folder, 'data'), (ledger) =>
    Promise.all([ledger.list({ limit: 10 }), ledger.recording(recording?.id ?? '')]),
  );
  expect(after.recordings).toMatchObject([{ state: 'done', attempt: 1, outputs: { files: 4 } }]);
  const stages = history?.facts.flatMap((fact) => (fact.kind === 'attempt-stage' ? [fact.stage] : []));
  expect(stages).toEqual(['downloading', 'processing', 'storing']);
  expect(secretsIn(service.told)).toEqual([]);
  expect(readdirSync(join(folder, 'data', 'cache'))).toEqual([]);
});

test('a link that has expired is fetched anew from Stream’s list', async () => {
  const folder = temporaryFolder();
  const api = await standIn({});
  await record(api);
  // The reconciler finds nothing by itself.
  api.fault({ operation: 'QueryCalls', share: 1, seed: 1, fault: { kind: 'badGateway', effect: 'none' } });
  const [recorded] = api.state.calls.get('default:standup')?.recordings ?? [];
  const service = new Service('serve', {
    ...settings(folder, api),
    STREAM_BASE_URL: api.url,
    RAWREEL_MAKE: 'audio',
  });
  const url = await service.url();
  const expired = `${api.url}/video/recordings/x?Expires=1700000000&Signature=none`;
  const event = readyEvent(
    {},
    { filename: recorded?.filename, session_id: recorded?.sessionId, url: expired },
  );
  expect(await send(url, event, 'w1', api)).toBe('200 taken');
  expect(await service.line(' → ')).toMatchObject({ attempt: 1, files: 1 });
  expect(api.requests.map(({ operation }) => operation)).toContain('ListRecordings');
  expect(await service.stop()).toBe(0);
  const known = await ledgerIn(join(folder, 'data'), (ledger) => ledger.list({ limit: 10 }));
  const [{ id = '' } = {}] = known.recordings;
  const history = await ledgerIn(join(folder, 'data'), (ledger) => ledger.recording(id));
  expect(history?.link?.url).toMatch(/[?&]Expires=(?!1700000000)/);
  expect(history?.facts.filter(({ kind }) => kind === 'ready').map(({ source }) => source.by)).toEqual([
    'webhook',
    'worker',
  ]);
});

test('what was recorded while nothing ran is asked for at the start, and delivered', async () => {
  const folder = temporaryFolder();
  const api = await standIn({});
  await record(api);
  const service = new Service('serve', {
    ...settings(folder, api),
    STREAM_BASE_URL: api.url,
    RAWREEL_MAKE: 'audio',
  });
  expect(await service.line(' → ')).toMatchObject({ call: 'default:standup', attempt: 1, files: 1 });
  expect(await service.stop()).toBe(0);
  expect(service.lines.filter(({ level }) => level !== 'info')).toEqual([]);
});

test('receiver and worker apart: an archive that is none has failed, with the reason', async () => {
  const folder = temporaryFolder();
  const files = await serveFiles((_, response) => response.end('<html>no archive</html>'));
  const env = settings(folder);
  const receiver = new Service('receive', env);
  const url = await receiver.url();
  const link = `${files}/rec.zip?Expires=4000000000&Signature=s`;
  expect(await send(url, readyEvent({}, { url: link }), 'w1', APP)).toBe('200 taken');
  const worker = new Service('work', env);
  const failed = await worker.line('given up');
  expect(failed).toMatchObject({
    level: 'error',
    call: 'default:standup',
    cause: 'damaged',
    state: 'failed',
  });
  expect([await worker.stop(), await receiver.stop()]).toEqual([0, 0]);

  const { recordings } = await ledgerIn(join(folder, 'data'), (ledger) => ledger.list({ limit: 10 }));
  expect(recordings).toMatchObject([
    { state: 'failed', egressId: EGRESS_ID, filename: FILENAME, attempt: 1, failure: { kind: 'damaged' } },
  ]);
  expect(recordings[0]?.failure?.message).toContain('is not an archive');
  expect(secretsIn(worker.told + receiver.told + recordings[0]?.failure?.message)).toEqual([]);
  const media = readdirSync(join(folder, 'media'), { recursive: true, withFileTypes: true });
  expect(media.filter((entry) => entry.isFile())).toEqual([]);
});

test('into a bucket: the files, and the manifest that names them', async () => {
  const folder = temporaryFolder();
  const server = await startS3Server();
  onTestFinished(() => server.stop());
  await signedFetch(server, 'PUT', '/media');
  const files = await serveFiles(({ headers: { range } }, response) => sendSample(range, response));
  const service = new Service('serve', {
    ...settings(folder),
    RAWREEL_OUTPUT: 's3://media/calls/',
    RAWREEL_TEMPLATE: '{callId}',
    RAWREEL_MAKE: 'audio,video',
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
  });
  const event = readyEvent({ call_cid: 'default:../x' }, { url: `${files}/rec.zip` });
  expect(await send(await service.url(), event, 'w1', APP)).toBe('200 taken');
  const destination = 's3://media/calls/%2E.%2Fx';
  expect(await service.line(' → ')).toMatchObject({
    files: 2,
    destination,
    manifest: `${destination}/manifest.json`,
  });
  expect(await service.stop()).toBe(0);
  const listed = await (await signedFetch(server, 'GET', '/media', { query: { 'list-type': '2' } })).text();
  const keys = [...listed.matchAll(/<Key>([^<]*)<[/]Key>/g)].map(([, key]) =>
    key?.replace(/.*_wanda_.{36}_/, '…'),
  );
  expect(keys).toEqual([
    '…audio_only_1795404256492.mkv',
    '…video_only_1795404256492.mkv',
    'calls/%2E.%2Fx/manifest.json',
  ]);
});

test('a call type has outputs of its own, in a place of its own', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'rawreel.json');
  const own = { make: ['mix', 'transcription'], mix: { format: 'wav' }, template: '{callId}' };
  writeFileSync(config, JSON.stringify({ callTypes: { default: { ...own, verify: false } } }));
  const service = new Service('serve', { ...settings(folder, STAND_IN), RAWREEL_CONFIG: config });
  const api = await standIn({ webhookUrl: await service.url() });
  await record(api);
  const done = await service.line(' → ');
  expect(done.text).not.toContain('verified');
  const { below, files } = outputsIn(folder);
  expect(below).toBe('standup');
  expect(files.map((file) => file.replace(/^([a-z]+)_.*[.]/, '$1.'))).toEqual([
    'composite.wav',
    'manifest.json',
    'turns.json',
    'turns.rttm',
    'turns.vtt',
    'voice.flac',
  ]);
  expect(await service.stop()).toBe(0);
});

test('told to stop in the middle it hands back, and the next start finishes', async () => {
  const folder = temporaryFolder();
  const asked = Promise.withResolvers<void>();
  let isStalled = true;
  const files = await serveFiles(({ headers: { range } }, response) => {
    // The size is told, and then nothing comes.
    if (isStalled && range !== 'bytes=0-0') asked.resolve();
    else sendSample(range, response);
  });
  const env = { ...settings(folder), RAWREEL_MAKE: 'audio,video', RAWREEL_STOP_SECONDS: '0' };
  const first = new Service('serve', env);
  const event = readyEvent({}, { url: `${files}/rec.zip?Expires=4000000000` });
  expect(await send(await first.url(), event, 'w1', APP)).toBe('200 taken');
  await asked.promise;
  expect(await first.stop()).toBe(0);
  expect(first.lines.map(({ text }) => text)).toContain('attempt 1 handed back');

  isStalled = false;
  const second = new Service('serve', env);
  expect(await second.line(' → ')).toMatchObject({ attempt: 2, files: 2 });
  expect(await second.stop()).toBe(0);
  expect(outputsIn(folder).files).toHaveLength(3);
});

test('told twice it ends at once: the recording is this worker’s until its lease ends', async () => {
  const folder = temporaryFolder();
  const asked = Promise.withResolvers<void>();
  const files = await serveFiles(({ headers: { range } }, response) => {
    if (range === 'bytes=0-0') sendSample(range, response);
    else asked.resolve();
  });
  const service = new Service('serve', { ...settings(folder), RAWREEL_STOP_SECONDS: '3600' });
  const url = await service.url();
  expect(await send(url, readyEvent({}, { url: `${files}/rec.zip` }), 'w1', APP)).toBe('200 taken');
  await asked.promise;
  void service.stop();
  await service.line('stopping: attempts have 3600 s');
  expect(await service.stop()).toBe(143);
  const { recordings } = await ledgerIn(join(folder, 'data'), (ledger) => ledger.list({ limit: 10 }));
  expect(recordings).toMatchObject([{ state: 'downloading', attempt: 1 }]);
});

test('what is wrong with the settings is told at once, before anything is opened: exit code 2', async () => {
  const folder = temporaryFolder();
  const service = new Service('serve', {
    RAWREEL_DATA: join(folder, 'data'),
    STREAM_API_KEY: 'key',
    RAWREEL_WORKERS: 'many',
  });
  expect(await service.exitCode()).toBe(2);
  expect(service.stderr).toBe(
    'rawreel-webhook: 2 settings are wrong\n' +
      '  STREAM_API_SECRET: is missing, and STREAM_API_KEY is set\n' +
      '  RAWREEL_WORKERS: expected a whole number from 1 to 64\n',
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('a port that is taken: exit code 1, and the database is left', async () => {
  const folder = temporaryFolder();
  const taken = await serveFiles((_, response) => response.end());
  const service = new Service('serve', { ...settings(folder), RAWREEL_PORT: new URL(taken).port });
  expect(await service.exitCode()).toBe(1);
  expect(service.stderr).toMatch(/^rawreel-webhook: .*EADDRINUSE/);
});

test('a log that nobody reads any more stops nothing', async () => {
  const folder = temporaryFolder();
  const service = new Service('receive', settings(folder));
  const url = await service.url();
  service.closeLog();
  for (const egress_id of ['e1', 'e2', 'e3'])
    expect(await send(url, readyEvent({ egress_id }, { filename: egress_id }), egress_id, APP)).toBe(
      '200 taken',
    );
  expect(await service.stop()).toBe(0);
});
