import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signedFetch, startS3Server } from '@rawreel/s3-server';
import { startSqsServer } from '@rawreel/sqs-server';
import { type StreamApi, type StreamApiOptions, startStreamApi } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import { expect, onTestFinished, test } from 'vitest';
import { ledgerIn, Service, serveFiles, temporaryFolder } from '../builders/service.ts';

/** Of the stand-in's app. */
const APP = { apiKey: 'rawreel-key', secrets: ['rawreel-secret'] };

async function standIn(options: StreamApiOptions): Promise<StreamApi> {
  const calls = [{ type: 'default', id: 'standup', participants: ['ann'] }];
  const api = await startStreamApi({ ...options, seed: { calls, ...options.seed } });
  onTestFinished(() => api.stop());
  return api;
}

async function record(api: StreamApi): Promise<void> {
  const { video } = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
  const call = video.call('default', 'standup');
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(1000);
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(60_000);
}

/** A service with what stands in the file, and the keys of a server in the standard AWS way. */
function serve(
  config: object,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): { readonly service: Service; readonly folder: string } {
  const folder = temporaryFolder();
  const path = join(folder, 'rawreel.json');
  writeFileSync(path, JSON.stringify(config));
  const service = new Service('serve', {
    RAWREEL_CONFIG: path,
    RAWREEL_DATA: join(folder, 'data'),
    RAWREEL_OUTPUT: join(folder, 'media'),
    RAWREEL_MAKE: 'audio',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  });
  return { service, folder };
}

/** Who told what of the only recording. */
const toldBy = (folder: string) =>
  ledgerIn(join(folder, 'data'), async (ledger) => {
    const { recordings } = await ledger.list({ limit: 10 });
    expect(recordings).toMatchObject([{ state: 'done', outputs: { files: 1 } }]);
    const { facts = [] } = (await ledger.recording(recordings[0]?.id ?? '')) ?? {};
    return facts
      .filter(({ kind }) => kind === 'started' || kind === 'stopped' || kind === 'ready')
      .map(({ kind, source: { by, id } }) => [kind, by, id] as const);
  });

test('a recording of which a queue tells becomes files; the messages are deleted, but for one that holds no event', async () => {
  const sqs = await startSqsServer();
  onTestFinished(() => sqs.stop());
  const url = await sqs.createQueue('stream-events');
  // Straight into the queue, and once more by a topic of SNS that the queue subscribes to.
  const topic = await sqs.createTopic('stream-events', url);
  const hooks = [
    { hook_type: 'sqs', sqs_queue_url: url },
    { hook_type: 'sns', sns_topic_arn: topic },
  ] as const;
  const api = await standIn({ webhookGzip: true, publish: sqs.publish, seed: { eventHooks: [...hooks] } });
  // It is the queue that tells.
  api.fault({ operation: 'QueryCalls', share: 1, seed: 1, fault: { kind: 'badGateway', effect: 'none' } });
  const config = {
    apps: [{ ...APP, baseUrl: api.url }],
    queues: [{ url, apiKey: APP.apiKey, region: sqs.region }],
  };
  const { service, folder } = serve(config, sqs);
  await service.line('receiving from the queue');
  await sqs.send(url, 'no event');
  expect(await service.line('left in the queue stream-events (bad-message)')).toMatchObject({
    level: 'warn',
  });
  await record(api);
  expect(await service.line(' → ')).toMatchObject({ call: 'default:standup', attempt: 1, files: 1 });
  expect(await service.stop()).toBe(0);
  // The one that holds no event is left.
  expect(await sqs.counts(url)).toEqual({ waiting: 0, inHand: 1 });
  const told = await toldBy(folder);
  expect(told.map(([kind, by]) => [kind, by]).toSorted()).toEqual([
    ['ready', 'sqs'],
    ['started', 'sqs'],
    ['stopped', 'sqs'],
  ]);
  expect(service.told).not.toContain(sqs.secretAccessKey);
});

test('what Stream could deliver nowhere and has left in a bucket becomes files, and stays in the bucket', async () => {
  const s3 = await startS3Server();
  onTestFinished(() => s3.stop());
  await signedFetch(s3, 'PUT', '/left');
  const down = await serveFiles((_, response) => void response.writeHead(502).end());
  const keys: string[] = [];
  const api = await standIn({
    async store({ bucket, key, body }) {
      keys.push(key);
      await signedFetch(s3, 'PUT', `/${bucket}/${key}`, { body });
    },
    seed: {
      eventHooks: [
        {
          hook_type: 'webhook',
          webhook_url: `${down}/webhooks/stream`,
          failover_config: { type: 'gcs', gcs_bucket: 'left', gcs_credentials: '{}', gcs_path: 'events' },
        },
      ],
    },
  });
  await record(api);
  expect(keys).toHaveLength(3);
  // It is the bucket that tells.
  api.fault({ operation: 'QueryCalls', share: 1, seed: 1, fault: { kind: 'badGateway', effect: 'none' } });
  const { endpoint, region } = s3;
  const failover = { bucket: 's3://left/events', endpoint, region };
  const { service, folder } = serve({ apps: [{ ...APP, baseUrl: api.url, failover }] }, s3);
  await service.line('3 events of 3 files taken from the failover bucket');
  expect(await service.line(' → ')).toMatchObject({ call: 'default:standup', attempt: 1, files: 1 });
  expect(await service.stop()).toBe(0);
  const told = await toldBy(folder);
  expect(told.map(([kind]) => kind).toSorted()).toEqual(['ready', 'started', 'stopped']);
  for (const [, by, id = ''] of told) expect([by, keys.includes(id)]).toEqual(['reconciler', true]);
  for (const key of keys) expect((await signedFetch(s3, 'HEAD', `/left/${key}`)).status).toBe(200);
});

test('a queue and a bucket that are not there are told, and the service goes on, for a topic of SNS too', async () => {
  const refusing = await serveFiles((_, response) => void response.writeHead(403).end());
  const config = {
    apps: [
      {
        ...APP,
        baseUrl: 'http://127.0.0.1:9',
        failover: { bucket: 's3://left', endpoint: refusing, region: 'auto' },
      },
    ],
    topics: { 'arn:aws:sns:eu-central-1:123456789012:stream-events': APP.apiKey },
    queues: [{ url: `${refusing}/1/events`, apiKey: APP.apiKey, region: 'eu-central-1' }],
  };
  const { service } = serve(config, { accessKeyId: 'k', secretAccessKey: 'hush-hush' });
  const queue = await service.line('queue events: ');
  const bucket = await service.line('failover bucket s3://left: ');
  expect([queue.level, bucket.level]).toEqual(['error', 'error']);
  expect(bucket.text).toMatch(/it is tried again in 30 s$/);
  const url = await service.url();
  expect((await fetch(new URL('/readyz', url))).status).toBe(200);
  const topic = await fetch(new URL('/webhooks/sns', url), { method: 'POST', body: '{}' });
  expect(await topic.json()).toMatchObject({ code: 'bad-envelope' });
  expect(await service.stop()).toBe(0);
  expect(service.told).not.toContain('hush-hush');
});
