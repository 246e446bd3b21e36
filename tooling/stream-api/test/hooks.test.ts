import { gunzipSync } from 'node:zlib';
import { startSqsServer } from '@rawreel/sqs-server';
import { expect, onTestFinished, test } from 'vitest';
import { type FailoverFile, type StreamApiOptions, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';

const HOOK = { enabled: true, hook_type: 'webhook', webhook_url: 'https://a.example/' } as const;

async function start(options: StreamApiOptions = {}) {
  const api = await startStreamApi({
    ...options,
    seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }], ...options.seed },
  });
  onTestFinished(() => api.stop());
  const client = clientOf(api);
  const record = async () => {
    const call = client.video.call('default', 'standup');
    await call.startRecording({ recording_type: 'raw' });
    await api.advance(0);
    await call.stopRecording({ recording_type: 'raw' });
    await api.advance(60_000);
  };
  return { api, client, record };
}

test('hooks are written as a whole: what is left out is gone, what has no id is new, what has one keeps its age', async () => {
  const { api, client } = await start({ now: () => 1000 });
  await client.updateApp({ event_hooks: [HOOK, { ...HOOK, webhook_url: 'https://b.example/' }] });
  const [first, second] = (await client.getApp()).app.event_hooks;
  expect(first).toMatchObject({ ...HOOK, created_at: new Date(1000), id: expect.any(String) });
  const { created_at: _, updated_at: __, ...kept } = second ?? {};
  await api.advance(500);
  await client.updateApp({ event_hooks: [kept, { ...HOOK, webhook_url: 'https://c.example/' }] });
  const { app } = await client.getApp();
  expect(app.use_hook_v2).toBe(true);
  expect(app.event_hooks).toMatchObject([
    { id: second?.id, created_at: new Date(1000), updated_at: new Date(1500) },
    { webhook_url: 'https://c.example/', created_at: new Date(1500) },
  ]);
});

test('an old app has one webhook, and takes no list; secrets can be masked', async () => {
  const { client } = await start({ isOldApp: true, webhookUrl: 'https://a.example/' });
  expect((await client.getApp()).app).toMatchObject({
    use_hook_v2: false,
    webhook_url: 'https://a.example/',
    event_hooks: [],
  });
  expect(await refusalOf(client.updateApp({ event_hooks: [HOOK] }))).toMatchObject({ status: 400 });
  const sqs = { hook_type: 'sqs', sqs_queue_url: 'https://q.example/1/q', sqs_secret: 'hush' } as const;
  const masking = await start({ masksSecrets: true, seed: { eventHooks: [sqs] } });
  expect((await masking.client.getApp()).app.event_hooks).toMatchObject([{ sqs_secret: '********' }]);
});

test('each hook gets the types that it wants: a queue of SQS, plain or packed, and a topic', async () => {
  const server = await startSqsServer();
  onTestFinished(() => server.stop());
  const queue = await server.createQueue('events');
  const published: [string, string][] = [];
  const { api, client, record } = await start({
    async publish(topic, message) {
      published.push([topic, message]);
    },
    seed: {
      eventHooks: [
        { hook_type: 'sqs', sqs_queue_url: queue, event_types: ['call.recording_ready'] },
        { hook_type: 'sns', sns_topic_arn: 'arn:aws:sns:eu-central-1:1:events' },
        { hook_type: 'sqs', sqs_queue_url: queue, enabled: false },
      ],
    },
  });
  await record();
  await client.updateApp({ enable_hook_payload_compression: true });
  await record();
  const bodies = (await server.receive(queue)).map(({ Body }) => Body);
  const packed = bodies.filter((body) => !body.startsWith('{'));
  const plain = bodies.filter((body) => body.startsWith('{'));
  expect([...plain, ...packed.map((body) => gunzipSync(Buffer.from(body, 'base64')).toString())]).toEqual([
    expect.stringContaining('"type":"call.recording_ready"'),
    expect.stringContaining('"type":"call.recording_ready"'),
  ]);
  expect([plain.length, packed.length]).toEqual([1, 1]);
  expect(published.map(([topic]) => topic)).toEqual(Array(6).fill('arn:aws:sns:eu-central-1:1:events'));
  expect(api.state.app.isPacked).toBe(true);
});

test('what is delivered to nobody in the end is left in the hook’s bucket', async () => {
  const files: FailoverFile[] = [];
  const { record } = await start({
    now: () => Date.UTC(2026, 10, 29),
    async store(file) {
      files.push(file);
    },
    seed: {
      eventHooks: [
        {
          ...HOOK,
          webhook_url: 'http://127.0.0.1:9/',
          failover_config: { type: 'gcs', gcs_bucket: 'left', gcs_credentials: '{}', gcs_path: '/events/' },
        },
      ],
    },
  });
  await record();
  expect(files).toHaveLength(3);
  for (const { bucket, key } of files)
    expect([bucket, key]).toEqual([
      'left',
      expect.stringMatching(/^events\/2026-11-29\/[0-9a-f-]{36}\.json$/),
    ]);
  expect(files.map(({ body }) => JSON.parse(body).type)).toContain('call.recording_ready');
});

test('a session that begins and ends is told of, and what is recorded stops with it', async () => {
  const published: { type: string; session_id?: string; call_cid: string }[] = [];
  const api = await startStreamApi({
    now: () => 0,
    async publish(_, message) {
      published.push(JSON.parse(message));
    },
    seed: {
      eventHooks: [{ hook_type: 'sns', sns_topic_arn: 'arn:aws:sns:eu-central-1:1:events' }],
      calls: [{ type: 'default', id: 'standup' }],
    },
  });
  onTestFinished(() => api.stop());
  const standup = { type: 'default', id: 'standup' };
  api.join(standup, 'ann');
  await clientOf(api).video.call('default', 'standup').startRecording({ recording_type: 'raw' });
  api.leave(standup, 'ann');
  await api.advance(3_600_000);
  expect(published.map(({ type }) => type)).toEqual([
    'call.session_started',
    'call.recording_started',
    'call.recording_stopped',
    'call.session_ended',
    'call.recording_ready',
  ]);
  const { id: session_id } = api.state.calls.get('default:standup')?.session ?? {};
  const ofSession = { session_id, call_cid: 'default:standup' };
  expect([published[0], published[3]]).toMatchObject([ofSession, ofSession]);
});
