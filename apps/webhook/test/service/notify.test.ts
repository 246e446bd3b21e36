import { join } from 'node:path';
import { signedFetch, startS3Server } from '@rawreel/s3-server';
import { expect, onTestFinished, test } from 'vitest';
import { KEY, readyEvent, SECRET } from '../builders/events.ts';
import { probe, Service, send, sendSample, serveFiles, temporaryFolder } from '../builders/service.ts';
import { type Received, SECRETS, verified, webhookReceiver } from '../builders/webhook-receiver.ts';

const APP = { apiKey: KEY, secret: SECRET };

const settings = (folder: string, notifyUrl: string): Record<string, string> => ({
  STREAM_API_KEY: KEY,
  STREAM_API_SECRET: SECRET,
  // Nobody is there: what an event tells is enough.
  STREAM_BASE_URL: 'http://127.0.0.1:9',
  RAWREEL_DATA: join(folder, 'data'),
  RAWREEL_OUTPUT: join(folder, 'media'),
  RAWREEL_MAKE: 'audio,video',
  RAWREEL_NOTIFY_URL: notifyUrl,
  RAWREEL_NOTIFY_SECRET: SECRETS.join(','),
});

interface Told {
  readonly type: string;
  readonly data: {
    readonly recordingId: string;
    readonly files?: readonly { readonly address: string; readonly link?: string; readonly path: string }[];
    readonly manifestLink?: string;
    readonly [name: string]: unknown;
  };
}
const tellOf = (received: Received): Told => verified(received) as Told;

const sample = () => serveFiles(({ headers: { range } }, response) => sendSample(range, response));

/** What must be in no log. */
const secretsIn = (service: Service): readonly string[] =>
  [...SECRETS, SECRET, 'Signature=', '/hook'].filter((secret) => service.told.includes(secret));

test('a recording becomes files and a signed webhook that says where they are', async () => {
  const folder = temporaryFolder();
  const receiver = await webhookReceiver();
  const service = new Service('serve', settings(folder, receiver.url));
  const event = readyEvent({}, { url: `${await sample()}/rec.zip` });
  expect(await send(await service.url(), event, 'w1', APP)).toBe('200 taken');
  const { type, data } = tellOf(await receiver.next());
  expect(type).toBe('recording.done');
  expect(data).toMatchObject({
    callCid: 'default:standup',
    state: 'done',
    attempt: 1,
    outputs: { files: 2 },
  });
  const made = data.files?.map(({ address }) => probe(address));
  expect(made).toEqual([
    { kinds: ['audio'], seconds: 30 },
    { kinds: ['video'], seconds: 31 },
  ]);
  expect(await service.line('recording.done sent to')).toMatchObject({
    level: 'info',
    call: 'default:standup',
    recording: data.recordingId,
    endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+ \([0-9a-f]{8}\)$/),
    text: expect.stringMatching(/: answered 204$/),
  });
  expect(await service.stop()).toBe(0);
  expect(receiver.all).toHaveLength(1);
  expect(secretsIn(service)).toEqual([]);
});

test('files in a bucket come with links that open them, for a day', async () => {
  const folder = temporaryFolder();
  const server = await startS3Server();
  onTestFinished(() => server.stop());
  await signedFetch(server, 'PUT', '/media');
  const receiver = await webhookReceiver();
  const service = new Service('serve', {
    ...settings(folder, receiver.url),
    RAWREEL_OUTPUT: 's3://media/calls',
    RAWREEL_MAKE: 'audio',
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
  });
  const event = readyEvent({}, { url: `${await sample()}/rec.zip` });
  expect(await send(await service.url(), event, 'w1', APP)).toBe('200 taken');
  const { data } = tellOf(await receiver.next());
  const [file, ...others] = data.files ?? [];
  expect(others).toEqual([]);
  expect(file?.address).toMatch(/^s3:\/\/media\/calls\/.*_audio_only_\d+\.mkv$/);
  expect(new URL(file?.link ?? '').searchParams.get('X-Amz-Expires')).toBe('86400');
  const media = await fetch(file?.link ?? '');
  expect([media.status, Buffer.from(await media.arrayBuffer()).subarray(0, 4)]).toEqual([
    200,
    Buffer.from('1a45dfa3', 'hex'),
  ]);
  const manifest = (await (await fetch(data.manifestLink ?? '')).json()) as { files: { path: string }[] };
  expect(manifest.files.map(({ path }) => path)).toEqual([file?.path]);
  await service.line('recording.done sent to');
  expect(await service.stop()).toBe(0);
  expect([...secretsIn(service), ...['X-Amz-'].filter((text) => service.told.includes(text))]).toEqual([]);
});

test('receiver and worker apart: one of them tells that a recording has failed, and what to do', async () => {
  const folder = temporaryFolder();
  const receiver = await webhookReceiver();
  const files = await serveFiles((_, response) => response.end('<html>no archive</html>'));
  const env = settings(folder, receiver.url);
  const services = [new Service('receive', env), new Service('work', env)] as const;
  const event = readyEvent({}, { url: `${files}/rec.zip?Signature=s` });
  expect(await send(await services[0].url(), event, 'w1', APP)).toBe('200 taken');
  const { type, data } = tellOf(await receiver.next());
  expect(type).toBe('recording.failed');
  expect(data).toMatchObject({
    failure: { kind: 'damaged', message: expect.stringContaining('is not an archive') },
    tryAgain: `rawreel jobs retry ${data.recordingId}`,
  });
  expect(await Promise.all(services.map((service) => service.stop()))).toEqual([0, 0]);
  expect(receiver.all).toHaveLength(1);
  expect(services.flatMap(secretsIn)).toEqual([]);
});
