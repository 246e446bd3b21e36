import type { FaultRule } from '@rawreel/stream-api';
import { StreamClient } from '@stream-io/node-sdk';
import { describe, expect, test } from 'vitest';
import { createRecordingControl } from '../src/index.ts';
import { joined, SHOW, STANDUP, standIn } from './builders/stand-in.ts';
import { timeOutUnanswered } from './builders/unanswered.ts';

const recordings = (api: Awaited<ReturnType<typeof standIn>>['api']) =>
  api.state.calls.get('default:standup')?.recordings ?? [];

describe('start', () => {
  test('starts raw recording, in the form that the SDK puts into the path', async () => {
    const { api, control, clock, sent } = await standIn();
    expect(await control.start(STANDUP)).toEqual({ state: 'started', since: new Date(clock.now()) });
    expect(sent('StartRecording').map(({ path }) => path)).toEqual([
      '/api/v2/video/call/default/standup/recordings/raw/start',
    ]);
    expect(recordings(api)).toMatchObject([{ type: 'raw', phase: 'running' }]);
  });

  test('the string form of the quickstart of the client SDK, by contrast, is sent nowhere', async () => {
    const { api } = await standIn();
    const call = new StreamClient(api.apiKey, api.secret, { basePath: api.url }).video.call(
      'default',
      'standup',
    );
    const stringForm = call.startRecording.bind(call) as unknown as (type: string) => Promise<unknown>;
    await expect(stringForm('raw')).rejects.toThrow();
    expect(api.requests.at(-1)?.path).toBe('/api/v2/video/call/default/standup/recordings/undefined/start');
  });

  test('goes to a storage of one’s own', async () => {
    const storage = { name: 'ours', bucket: 'b', storage_type: 'gcs', gcs_credentials: '{}' } as const;
    const { api, control } = await standIn({
      api: { seed: { calls: [joined(STANDUP)], externalStorages: [storage] } },
    });
    await control.start(STANDUP, { externalStorage: 'ours' });
    expect(recordings(api)).toMatchObject([{ externalStorage: 'ours' }]);
  });

  test('of what runs is a state, and asks for nothing', async () => {
    const { control, sent } = await standIn();
    await control.start(STANDUP);
    expect(await control.start(STANDUP)).toEqual({ state: 'alreadyRunning', since: undefined });
    expect(sent('StartRecording')).toHaveLength(1);
  });

  test('of what somebody else starts between looking and asking is the same state', async () => {
    const { api, control } = await standIn();
    const other = createRecordingControl({ apiKey: api.apiKey, secret: api.secret, baseUrl: api.url });
    const states = await Promise.all([control.start(STANDUP), other.start(STANDUP), control.start(STANDUP)]);
    expect(states.filter(({ state }) => state === 'started')).toHaveLength(1);
    expect(states.filter(({ state }) => state === 'alreadyRunning')).toHaveLength(2);
    expect(recordings(api)).toHaveLength(1);
  });

  test('is not hindered by recordings of other types', async () => {
    const { api, control } = await standIn();
    const client = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
    await client.video.call('default', 'standup').startRecording({ recording_type: 'composite' });
    expect(await control.status(STANDUP)).toMatchObject({ state: 'notRunning' });
    expect(await control.start(STANDUP)).toMatchObject({ state: 'started' });
  });
});

const MODE = { raw_recording: { mode: 'available' } };

describe('a call that nobody is in', () => {
  const EMPTY = { api: { seed: { calls: [STANDUP, SHOW] } } };

  test('cannot be recorded, and it is said why and what to do', async () => {
    const { control } = await standIn(EMPTY);
    for (const work of [() => control.start(STANDUP), () => control.goLive(SHOW)]) {
      await expect(work()).rejects.toMatchObject({
        code: 'ERR_NO_SESSION',
        message: expect.stringContaining('nobody is in the call'),
        hint: expect.stringContaining('auto-on'),
      });
    }
  });

  test('is not taken for the reason of another refusal', async () => {
    const { api, control } = await standIn(EMPTY);
    const body = JSON.stringify({ code: 17, message: 'not allowed' });
    api.fault({ operation: 'StartRecording', fault: { kind: 'otherAnswer', status: 403, body } });
    await expect(control.start(STANDUP)).rejects.toMatchObject({ code: 'ERR_NOT_PERMITTED' });
  });

  test('is recorded as soon as somebody joins, where that is waited for', async () => {
    const { api, control, clock, sent } = await standIn({
      api: {
        ...EMPTY.api,
        onRequest: () => sent('StartRecording').length === 5 && api.join(STANDUP, 'ann'),
      },
    });
    expect(await control.start(STANDUP, { waitForSessionMs: 3_600_000 })).toMatchObject({ state: 'started' });
    expect(sent('StartRecording')).toHaveLength(6);
    expect(clock.sleeps).toEqual([2000, 3000, 4500, 6750, 10_000]);
  });

  test('is not waited for any longer than told', async () => {
    const { control, clock } = await standIn(EMPTY);
    const begun = clock.now();
    await expect(control.start(STANDUP, { waitForSessionMs: 30_000 })).rejects.toMatchObject({
      code: 'ERR_NO_SESSION',
      message: 'default:standup cannot be recorded: nobody has joined within 30 s',
    });
    expect(clock.now() - begun).toBe(30_000);
  });

  test('a session that has an id and has not begun is none', async () => {
    const { api, control } = await standIn(EMPTY);
    api.fault({ operation: 'GetCall', fault: { kind: 'recordingFails' } });
    const session = { id: 's', started_at: null, ended_at: null, participants: [] };
    const call = { backstage: false, current_session_id: 's', session, egress: {}, settings: MODE };
    const fault = { kind: 'otherAnswer', status: 200, body: JSON.stringify({ call }) } as const;
    api.fault({ operation: 'GetCall', fault });
    await expect(control.start(STANDUP)).rejects.toMatchObject({ code: 'ERR_NO_SESSION' });
  });
});

test('an end-to-end encrypted call is not asked to be recorded', async () => {
  const data = { settings_override: { encryption: { mode: 'auto-on' as const } } };
  const calls = [STANDUP, SHOW].map((call) => ({ ...joined(call), data }));
  const { control, operations } = await standIn({ api: { seed: { calls } } });
  for (const work of [() => control.start(STANDUP), () => control.goLive(SHOW)]) {
    await expect(work()).rejects.toMatchObject({
      code: 'ERR_CALL_ENCRYPTED',
      setting: 'settings.encryption.mode',
      message: expect.stringContaining('end-to-end encrypted'),
    });
  }
  expect(operations()).toEqual(['GetCall', 'GetCall']);
  expect(await control.status(STANDUP)).toMatchObject({ isEncrypted: true });
});

/** What a start or stop can meet without it being known whether it happened. */
const UNKNOWN: readonly (readonly [string, FaultRule['fault']])[] = [
  ['time-out', { kind: 'timeout' }],
  ['502 of a proxy', { kind: 'badGateway', effect: 'done' }],
  ['reset', { kind: 'reset', effect: 'done' }],
  ['page instead of an answer', { kind: 'otherAnswer', status: 200, body: '<html>' }],
];

describe('a start that is not known to have happened', () => {
  test.each(UNKNOWN.slice(0, 3))('but did, before a %s, is not repeated', async (_name, fault) => {
    const { api, control, operations } = await standIn({ api: { onRequest: timeOutUnanswered() } });
    api.fault({ operation: 'StartRecording', fault });
    expect(await control.start(STANDUP)).toMatchObject({ state: 'started' });
    expect(operations()).toEqual(['GetCall', 'StartRecording', 'GetCall']);
    expect(recordings(api)).toHaveLength(1);
  });

  test.each<readonly [string, FaultRule['fault']]>([
    ['502 of a proxy', { kind: 'badGateway', effect: 'none' }],
    ['reset', { kind: 'reset', effect: 'none' }],
    ['page instead of an answer', { kind: 'otherAnswer', status: 200, body: '<html>' }],
  ])('and did not, before a %s, is repeated after looking', async (_name, fault) => {
    const { api, control, operations } = await standIn();
    api.fault({ operation: 'StartRecording', fault });
    expect(await control.start(STANDUP)).toMatchObject({ state: 'started' });
    expect(operations()).toEqual(['GetCall', 'StartRecording', 'GetCall', 'StartRecording']);
    expect(recordings(api)).toHaveLength(1);
  });

  test('and cannot be looked up is an error that says so', async () => {
    const { api, control, sent } = await standIn({ control: { retry: { attempts: 2, withinMs: 60_000 } } });
    api.fault({ operation: 'StartRecording', fault: { kind: 'reset', effect: 'done' } });
    api.fault({ operation: 'GetCall', fault: { kind: 'recordingFails' } });
    api.fault({ operation: 'GetCall', fault: { kind: 'badGateway', effect: 'none' }, times: 2 });
    await expect(control.start(STANDUP)).rejects.toMatchObject({
      code: 'ERR_UNREACHABLE',
      hint: expect.stringContaining('It may have been done all the same'),
    });
    expect(sent('StartRecording')).toHaveLength(1);
  });

  test('is looked for once more after the last attempt', async () => {
    const { api, control, operations } = await standIn({
      control: { retry: { attempts: 1, withinMs: 60_000 } },
    });
    api.fault({ operation: 'StartRecording', fault: { kind: 'reset', effect: 'done' } });
    expect(await control.start(STANDUP)).toMatchObject({ state: 'started' });
    expect(operations()).toEqual(['GetCall', 'StartRecording', 'GetCall']);
  });
});

describe('stop', () => {
  test('stops', async () => {
    const { api, control, clock } = await standIn();
    await control.start(STANDUP);
    expect(await control.stop(STANDUP)).toEqual({ state: 'stopped', endedSince: new Date(clock.now()) });
    expect(recordings(api)).toMatchObject([{ phase: 'processing' }]);
  });

  test('of what does not run is a state, which the API is asked for', async () => {
    const { control, sent } = await standIn();
    expect(await control.stop(STANDUP)).toEqual({ state: 'notRunning', endedSince: undefined });
    expect(sent('StopRecording')).toMatchObject([{ status: 400 }]);
  });

  test('right after the start stops what takes a while until it runs', async () => {
    const { api, control, sent } = await standIn({ api: { startsAfterMs: 5000 } });
    await control.start(STANDUP);
    expect(await control.status(STANDUP)).toMatchObject({ state: 'starting' });
    expect(await control.start(STANDUP)).toMatchObject({ state: 'alreadyRunning' });
    expect(await control.stop(STANDUP)).toMatchObject({ state: 'stopped' });
    expect(recordings(api)).toMatchObject([{ phase: 'processing' }]);
    expect(sent('StopRecording')).toHaveLength(6);
  });

  test('of what never comes to run is an error that does not say that it is stopped', async () => {
    const { api, control } = await standIn({ api: { startsAfterMs: 3_600_000 } });
    await control.start(STANDUP);
    await expect(control.stop(STANDUP)).rejects.toMatchObject({ code: 'ERR_BAD_REQUEST' });
    expect(recordings(api)).toMatchObject([{ phase: 'starting' }]);
  });

  test.each<readonly [unknown, string]>([
    [{ status: 'running' }, 'running'],
    [{ status: 'starting' }, 'starting'],
    // Invented: whatever it is, it is not over.
    [{ status: 'pending' }, 'starting'],
    [{ status: 'stopped' }, 'notRunning'],
    [null, 'notRunning'],
    [undefined, 'notRunning'],
  ])('an egress %o is %s, and a stop is sent all the same', async (egress, state) => {
    const { api, control, sent } = await standIn();
    await control.start(STANDUP);
    const body = { call: { backstage: false, egress: { raw_recording: egress }, settings: MODE } };
    const fault = { kind: 'otherAnswer', status: 200, body: JSON.stringify(body) } as const;
    api.fault({ operation: 'GetCall', fault });
    expect(await control.status(STANDUP)).toMatchObject({ state });
    api.fault({ operation: 'GetCall', fault });
    expect(await control.stop(STANDUP)).toMatchObject({ state: 'stopped' });
    expect(sent('StopRecording')).toHaveLength(1);
  });

  test('of what somebody else stops between looking and asking is the same state', async () => {
    const { control } = await standIn();
    await control.start(STANDUP);
    const states = await Promise.all([control.stop(STANDUP), control.stop(STANDUP)]);
    expect(states.map(({ state }) => state).sort()).toEqual(['notRunning', 'stopped']);
  });

  test.each(UNKNOWN.slice(0, 3))('that did happen before a %s is not repeated', async (_name, fault) => {
    const { api, control, sent } = await standIn({ api: { onRequest: timeOutUnanswered() } });
    await control.start(STANDUP);
    api.fault({ operation: 'StopRecording', fault });
    expect(await control.stop(STANDUP)).toMatchObject({ state: 'stopped' });
    expect(sent('StopRecording')).toHaveLength(1);
  });
});

test('status tells state, session, stage and settings', async () => {
  const { api, control, clock } = await standIn();
  await control.start(STANDUP);
  expect(await control.status(STANDUP)).toEqual({
    call: STANDUP,
    state: 'running',
    isBackstage: false,
    isEncrypted: false,
    seenAt: new Date(clock.now()),
    session: api.state.calls.get('default:standup')?.session?.id,
    settings: { mode: 'available', audioOnly: false },
  });
});

test('a client that is there already is taken as it is', async () => {
  const { api } = await standIn();
  const control = createRecordingControl(new StreamClient(api.apiKey, api.secret, { basePath: api.url }));
  expect(await control.start(STANDUP)).toMatchObject({ state: 'started' });
});

test('a base URL may end with a slash', async () => {
  const { api } = await standIn();
  const control = createRecordingControl({ apiKey: api.apiKey, secret: api.secret, baseUrl: `${api.url}/` });
  expect(await control.status(STANDUP)).toMatchObject({ state: 'notRunning' });
});
