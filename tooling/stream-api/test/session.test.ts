import { afterEach, expect, test } from 'vitest';
import { type StreamApi, type StreamApiOptions, startStreamApi } from '../src/index.ts';
import { clientOf, refusalOf } from './support/client.ts';

const NOW = Date.parse('2026-11-20T09:30:00Z');
const STANDUP = { type: 'default', id: 'standup' };
const RAW = { recording_type: 'raw' };

let api: StreamApi;
afterEach(() => api.stop());

async function start(options: StreamApiOptions = {}) {
  api = await startStreamApi({ now: () => NOW, seed: { calls: [STANDUP] }, ...options });
  return clientOf(api).video.call('default', 'standup');
}

const phases = () => api.state.calls.get('default:standup')?.recordings.map(({ phase }) => phase);

test('what is not there is null, and a call that nobody has joined has no session', async () => {
  const call = await start();
  const { call: seen } = await call.get();
  expect(seen).toMatchObject({
    session: null,
    current_session_id: '',
    ended_at: null,
    starts_at: null,
    thumbnails: null,
    egress: { hls: null, raw_recording: null },
  });
});

test('the first who joins begins a session, and a recording can be started until it has ended', async () => {
  const call = await start();
  expect(await refusalOf(call.startRecording(RAW))).toMatchObject({ status: 400, code: 4 });
  api.join(STANDUP, 'ann');
  api.join(STANDUP, 'bob');
  await call.startRecording(RAW);
  const { session } = (await call.get()).call;
  expect(session).toMatchObject({ ended_at: null, participants_count_by_role: { user: 2 } });
  expect(session?.participants.map(({ user }) => user.id)).toEqual(['ann', 'bob']);
  expect(session?.started_at).toEqual(new Date(NOW));

  api.leave(STANDUP, 'ann');
  api.leave(STANDUP, 'bob');
  await api.advance(29_999);
  expect(phases()).toEqual(['running']);
  await api.advance(1);
  expect(phases()).toEqual(['processing']);
  expect((await call.get()).call.session?.ended_at).toEqual(new Date(NOW + 30_000));
  expect(await refusalOf(call.startRecording(RAW))).toMatchObject({
    message: expect.stringContaining('there is no active session'),
  });

  api.join(STANDUP, 'ann');
  expect((await call.get()).call.session?.id).not.toBe(session?.id);
});

test('who comes back in time keeps the session', async () => {
  const call = await start({ seed: { calls: [{ ...STANDUP, participants: ['ann'] }] } });
  const before = (await call.get()).call.session?.id;
  api.leave(STANDUP, 'ann');
  api.join(STANDUP, 'ann');
  await api.advance(60_000);
  expect((await call.get()).call.session).toMatchObject({ id: before, ended_at: null });
});

test('auto-on starts with the session', async () => {
  const data = { settings_override: { raw_recording: { mode: 'auto-on' as const } } };
  await start({ seed: { calls: [{ ...STANDUP, data }] } });
  expect(phases()).toEqual([]);
  api.join(STANDUP, 'ann');
  expect(phases()).toEqual(['running']);
});

test('a recording can take a while until it runs, and cannot be stopped before', async () => {
  const call = await start({ startsAfterMs: 5000, seed: { calls: [{ ...STANDUP, participants: ['ann'] }] } });
  await call.startRecording(RAW);
  expect((await call.get()).call.egress.raw_recording).toEqual({ status: 'starting' });
  expect(await refusalOf(call.stopRecording(RAW))).toMatchObject({
    status: 400,
    message: expect.stringContaining('call egress is not running'),
  });
  expect(await refusalOf(call.startRecording(RAW))).toMatchObject({ status: 400 });
  await api.advance(5000);
  expect((await call.get()).call.egress.raw_recording).toEqual({ status: 'running' });
  await call.stopRecording(RAW);
  expect(phases()).toEqual(['processing']);
});
