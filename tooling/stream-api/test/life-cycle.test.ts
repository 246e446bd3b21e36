import { afterEach, expect, test } from 'vitest';
import { type RecordingEvent, type StreamApiOptions, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';
import { type Delivery, type Reaction, type Receiver, startReceiver } from './support/receiver.ts';

const NOW = Date.parse('2026-11-20T09:30:00Z');
const standup = { type: 'default', id: 'standup', participants: ['ann'] };

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
});

/** A call, its receiver, and a time that stands still unless it is moved. */
async function start(reactions: Reaction[] = [], options: StreamApiOptions = {}) {
  const receiver = await startReceiver(...reactions);
  const api = await startStreamApi({
    now: () => NOW,
    webhookUrl: receiver.url,
    seed: { calls: [standup] },
    ...options,
  });
  open.push(receiver, api);
  const client = clientOf(api);
  return { receiver, api, client, call: client.video.call('default', 'standup') };
}

/** Events as the SDK verifies and parses them. */
const events = ({ deliveries }: Receiver, client: ReturnType<typeof clientOf>) =>
  deliveries.map(({ body, headers }) => client.verifyAndParseWebhook(body, String(headers['x-signature'])));

test('a recording runs, is made, and is listed with the session and the times', async () => {
  const { api, call } = await start([], { readyAfterMs: 30_000 });
  await call.startRecording({ recording_type: 'raw' });
  const whileRunning = (await call.get()).call;
  expect(whileRunning.egress.raw_recording).toEqual({ status: 'running' });
  expect(whileRunning.recording).toBe(false);
  await api.advance(600_000);
  await call.stopRecording({ recording_type: 'raw' });
  expect((await call.get()).call.egress.raw_recording).toBeNull();
  await api.advance(29_999);
  expect((await call.listRecordings()).recordings).toEqual([]);
  await api.advance(1);
  const { recordings } = await call.listRecordings();
  expect(recordings).toEqual([
    {
      filename: `rec_default_standup_raw_${NOW}.zip`,
      recording_type: 'raw',
      session_id: (await call.get()).call.current_session_id,
      start_time: new Date(NOW),
      end_time: new Date(NOW + 600_000),
      url: expect.stringContaining(`rec_default_standup_raw_${NOW}.zip?Expires=`),
    },
  ]);
});

test('by the machine’s time a recording becomes ready by itself', async () => {
  const receiver = await startReceiver();
  const api = await startStreamApi({ webhookUrl: receiver.url, readyAfterMs: 1, seed: { calls: [standup] } });
  open.push(receiver, api);
  const call = clientOf(api).video.call('default', 'standup');
  await call.startRecording({ recording_type: 'raw' });
  await call.stopRecording({ recording_type: 'raw' });
  await expect.poll(() => receiver.deliveries.length).toBe(3);
  expect((await call.listRecordings()).recordings).toHaveLength(1);
});

test('recordings of each type run beside each other and are in one list', async () => {
  const { api, call } = await start();
  for (const recording_type of ['raw', 'composite']) await call.startRecording({ recording_type });
  const { call: seen } = await call.get();
  expect(seen.egress).toMatchObject({
    raw_recording: { status: 'running' },
    composite_recording: { status: 'running' },
  });
  expect(seen.recording).toBe(true);
  for (const recording_type of ['raw', 'composite']) await call.stopRecording({ recording_type });
  await api.advance(2000);
  expect((await call.listRecordings()).recordings.map((recording) => recording.recording_type)).toEqual([
    'raw',
    'composite',
  ]);
});

test('each step is an event that the SDK verifies, with one egress id', async () => {
  const { api, call, client, receiver } = await start();
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(1000);
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(2000);
  const egress = api.state.calls.get('default:standup')?.recordings[0]?.egressId;
  const common = { call_cid: 'default:standup', egress_id: egress, recording_type: 'raw' };
  expect(events(receiver, client)).toEqual([
    { type: 'call.recording_started', created_at: '2026-11-20T09:30:00.000Z', ...common },
    { type: 'call.recording_stopped', created_at: '2026-11-20T09:30:01.000Z', ...common },
    {
      type: 'call.recording_ready',
      created_at: '2026-11-20T09:30:03.000Z',
      ...common,
      call_recording: {
        filename: `rec_default_standup_raw_${NOW}.zip`,
        recording_type: 'raw',
        session_id: api.state.calls.get('default:standup')?.session?.id,
        start_time: '2026-11-20T09:30:00.000Z',
        end_time: '2026-11-20T09:30:01.000Z',
        url: expect.stringContaining('?Expires='),
      },
    },
  ]);
});

test('events can be compressed: the signature is of what was compressed', async () => {
  const { api, call, client, receiver } = await start([], { webhookGzip: true });
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(0);
  const [delivery] = receiver.deliveries;
  expect(delivery?.headers['content-encoding']).toBe('gzip');
  expect(delivery?.body.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  expect(events(receiver, client)).toMatchObject([{ type: 'call.recording_started' }]);
});

test('a signature holds for its own body and secret only', async () => {
  const { api, call, client, receiver } = await start();
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(0);
  const [delivery] = receiver.deliveries;
  const altered = Buffer.from(String(delivery?.body).replace('standup', 'another'));
  const signature = String(delivery?.headers['x-signature']);
  expect(() => client.verifyAndParseWebhook(altered, signature)).toThrow('signature mismatch');
  const stranger = clientOf({ ...api, secret: 'another' });
  expect(() => stranger.verifyAndParseWebhook(delivery?.body ?? '', signature)).toThrow('signature mismatch');
});

/** Id and attempt of each delivery. */
const attempts = (deliveries: readonly Delivery[]) => ({
  ids: new Set(deliveries.map(({ headers }) => headers['x-webhook-id'])).size,
  attempts: deliveries.map(({ headers }) => Number(headers['x-webhook-attempt'])),
});

test.each<[string, Reaction[], number[]]>([
  ['is taken', [200], [1]],
  ['is taken at the second attempt', [500, 204], [1, 2]],
  ['is given up after three errors of the server', [503, 500, 502], [1, 2, 3]],
  ['is sent again after 408 and 429', [408, 429, 200], [1, 2, 3]],
  ['is not sent again when it is refused', [400], [1]],
  ['is sent once more after a network error', ['reset', 200], [1, 2]],
  ['is given up after two network errors', ['reset', 'reset'], [1, 2]],
])('an event %s', async (_, reactions, expected) => {
  const { api, call, receiver } = await start(reactions);
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(60_000);
  expect(attempts(receiver.deliveries)).toEqual({ ids: 1, attempts: expected });
  expect(receiver.deliveries[0]?.headers['x-api-key']).toBe(api.apiKey);
});

test('a receiver has to answer in time, three times at most', async () => {
  const { api, call, receiver } = await start(['silence', 'silence', 'silence'], { webhookTimeoutMs: 300 });
  await call.startRecording({ recording_type: 'raw' });
  await api.advance(60_000);
  expect(attempts(receiver.deliveries).attempts).toEqual([1, 2, 3]);
});

test('an event is given up after fifteen seconds, however many attempts are left', async () => {
  const receiver = await startReceiver(503, 503, 503);
  /** Each answer takes eight seconds. */
  const now = () => NOW + receiver.deliveries.length * 8000;
  const api = await startStreamApi({ now, webhookUrl: receiver.url, seed: { calls: [standup] } });
  open.push(receiver, api);
  await clientOf(api).video.call('default', 'standup').startRecording({ recording_type: 'raw' });
  await api.advance(60_000);
  expect(attempts(receiver.deliveries).attempts).toEqual([1, 2]);
});

test('an event is sent as often and as late as it is told, or lost', async () => {
  const times = { started: [0, 5000], stopped: [], ready: [1000] };
  const webhookTimes = ({ type }: RecordingEvent) =>
    Object.entries(times).find(([name]) => type.endsWith(name))?.[1] ?? [0];
  const { api, call, client, receiver } = await start([200, 503, 200], { webhookTimes });
  await call.startRecording({ recording_type: 'raw' });
  await call.stopRecording({ recording_type: 'raw' });
  await api.advance(60_000);
  expect(events(receiver, client).map(({ type }) => type)).toEqual([
    'call.recording_started',
    'call.recording_ready',
    'call.recording_ready',
    'call.recording_started',
  ]);
  expect(attempts(receiver.deliveries)).toEqual({ ids: 2, attempts: [1, 1, 2, 1] });
});

test('a recording can end without a file', async () => {
  const { api, call, client, receiver } = await start();
  api.fault({ operation: 'StopRecording', fault: { kind: 'recordingFails' } });
  for (const _ of ['fails', 'does not']) {
    await call.startRecording({ recording_type: 'raw' });
    await call.stopRecording({ recording_type: 'raw' });
    await api.advance(2000);
  }
  expect(events(receiver, client).map(({ type }) => type)).toEqual([
    'call.recording_started',
    'call.recording_stopped',
    'call.recording_failed',
    'call.recording_started',
    'call.recording_stopped',
    'call.recording_ready',
  ]);
  expect((await call.listRecordings()).recordings).toHaveLength(1);
});

test('going live starts what is asked for, and stopping stops what is not kept', async () => {
  const { api, client, call } = await start();
  await client.createExternalStorage({
    name: 'archive',
    bucket: 'calls',
    storage_type: 's3',
    aws_s3: { s3_region: 'eu-west-1' },
  });
  const live = client.video.call('livestream', 'townhall');
  const created = await live.getOrCreate({ data: { created_by_id: 'ann' } });
  expect(created.call.backstage).toBe(true);
  api.join({ type: 'livestream', id: 'townhall' }, 'ann');
  const started = await live.goLive({ start_raw_recording: true, recording_storage_name: 'archive' });
  expect(started.call).toMatchObject({ backstage: false, egress: { raw_recording: { status: 'running' } } });
  const kept = await live.stopLive({ continue_raw_recording: true });
  expect(kept.call).toMatchObject({ backstage: true, egress: { raw_recording: { status: 'running' } } });
  const stopped = await live.stopLive();
  expect(stopped.call.egress.raw_recording).toBeNull();
  expect((await call.get()).call.backstage).toBe(false);
});

test('a recording goes to the storage of the start, or else of the call type', async () => {
  const { api, client, call } = await start();
  for (const name of ['archive', 'other'])
    await client.createExternalStorage({
      name,
      bucket: 'calls',
      storage_type: 'gcs',
      gcs_credentials: '{}',
    });
  const record = async (recording_external_storage?: string) => {
    await call.startRecording({
      recording_type: 'raw',
      ...(recording_external_storage ? { recording_external_storage } : {}),
    });
    await call.stopRecording({ recording_type: 'raw' });
  };
  await record();
  await client.video.updateCallType({ name: 'default', external_storage: 'archive' });
  await record();
  await record('other');
  const storages = api.state.calls
    .get('default:standup')
    ?.recordings.map(({ externalStorage }) => externalStorage);
  expect(storages).toEqual([undefined, 'archive', 'other']);

  // What lies in a bucket of the app's own has no signed URL, and is not the API's to delete.
  await api.advance(2000);
  const listed = (await call.listRecordings()).recordings;
  expect(listed.map(({ url }) => url.includes('?Expires='))).toEqual([true, false, false]);
  expect((await fetch(listed[1]?.url ?? '')).status).toBe(403);
  const { session_id: session = '', filename = '' } = listed[1] ?? {};
  expect(await refusalOf(call.deleteRecording({ session, filename }))).toMatchObject({
    status: 400,
    code: 4,
  });
});

test('what was deleted is not listed any more', async () => {
  const recording = {
    type: 'raw',
    startedAt: new Date(NOW - 5000),
    stoppedAt: new Date(NOW - 4000),
  } as const;
  const { call } = await start([], { seed: { calls: [{ ...standup, recordings: [recording, recording] }] } });
  const [first, second] = (await call.listRecordings()).recordings;
  await call.deleteRecording({ session: first?.session_id ?? '', filename: first?.filename ?? '' });
  expect((await call.listRecordings()).recordings).toEqual([{ ...second, url: expect.any(String) }]);
});
