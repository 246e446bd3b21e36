import { StreamClient } from '@stream-io/node-sdk';
import { describe, expect, test } from 'vitest';
import { createRecordingControl } from '../src/index.ts';
import { recordOnce, STANDUP, standIn } from './builders/stand-in.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const HOUR = { startedAt: at('08:00:00'), stoppedAt: at('09:00:00') };

describe('list', () => {
  const recordings = [
    { type: 'raw', filename: 'late.zip', sessionId: 'b', ...HOUR, startedAt: at('08:30:00') },
    { type: 'composite', filename: 'mix.mp4', sessionId: 'a', ...HOUR },
    { type: 'raw', filename: 'z.zip', sessionId: 'a', ...HOUR },
    { type: 'raw', filename: 'a.zip', sessionId: 'a', ...HOUR },
  ] as const;
  const listing = () => standIn({ api: { seed: { calls: [{ ...STANDUP, recordings }] } } });

  test('has the raw ones, by their start', async () => {
    const { control } = await listing();
    const listed = await control.list(STANDUP);
    expect(listed.map(({ filename }) => filename)).toEqual(['a.zip', 'z.zip', 'late.zip']);
  });

  test('has those of other types, of one session, where told to', async () => {
    const { control } = await listing();
    const all = await control.list(STANDUP, { types: 'all' });
    expect(all.map(({ type }) => type).sort()).toEqual(['composite', 'raw', 'raw', 'raw']);
    const ofSession = await control.list(STANDUP, { session: 'b' });
    expect(ofSession.map(({ filename }) => filename)).toEqual(['late.zip']);
  });

  test('tells times, and until when the URL holds', async () => {
    const { control, clock } = await standIn({
      api: { urlLifetimeMs: 3_600_000, seed: { calls: [{ ...STANDUP, recordings: [recordings[2]] }] } },
    });
    expect(await control.list(STANDUP)).toEqual([
      {
        filename: 'z.zip',
        session: 'a',
        type: 'raw',
        startTime: HOUR.startedAt,
        endTime: HOUR.stoppedAt,
        url: expect.stringMatching(/^http/),
        expiresAt: new Date(clock.now() + 3_600_000),
      },
    ]);
  });

  test('of a call without recordings is empty', async () => {
    const { control } = await standIn();
    expect(await control.list(STANDUP)).toEqual([]);
  });
});

describe('delete', () => {
  const name = { session: 'a', filename: 'call.zip' };
  const deleting = () =>
    standIn({
      api: {
        seed: {
          calls: [
            { ...STANDUP, recordings: [{ type: 'raw', sessionId: 'a', filename: 'call.zip', ...HOUR }] },
          ],
        },
      },
    });

  test('takes what the list gives', async () => {
    const { control } = await deleting();
    for (const recording of await control.list(STANDUP)) {
      expect(await control.delete(STANDUP, recording)).toEqual({ state: 'deleted' });
    }
    expect(await control.list(STANDUP)).toEqual([]);
  });

  test('of what is not there is a state', async () => {
    const { control } = await deleting();
    await control.delete(STANDUP, name);
    expect(await control.delete(STANDUP, name)).toEqual({ state: 'notThere' });
  });

  test('of a call that is not there is an error', async () => {
    const { control } = await deleting();
    await expect(control.delete({ type: 'default', id: 'nobody' }, name)).rejects.toMatchObject({
      code: 'ERR_NOT_FOUND',
    });
  });

  test('that did happen before the connection broke is not repeated', async () => {
    const { api, control, operations } = await deleting();
    api.fault({ operation: 'DeleteRecording', fault: { kind: 'reset', effect: 'done' } });
    expect(await control.delete(STANDUP, name)).toEqual({ state: 'deleted' });
    expect(operations()).toEqual(['DeleteRecording', 'ListRecordings']);
  });

  test('that is refused while the recording is there is an error', async () => {
    const { api, control } = await deleting();
    const body = '{"code":17,"message":"no"}';
    api.fault({ operation: 'DeleteRecording', fault: { kind: 'otherAnswer', status: 403, body } });
    await expect(control.delete(STANDUP, name)).rejects.toMatchObject({ code: 'ERR_NOT_PERMITTED' });
    expect(await control.list(STANDUP)).toHaveLength(1);
  });
});

describe('waiting until a recording is ready', () => {
  test('ends with the one that was started, and says that this is inferred', async () => {
    const standing = await standIn({ api: { readyAfterMs: 90_000 } });
    const { since } = await recordOnce(standing);
    const [recording] = standing.api.state.calls.get('default:standup')?.recordings ?? [];
    expect(await standing.control.waitUntilReady(STANDUP, { since })).toMatchObject({
      filename: recording?.filename,
      isInferred: true,
    });
  });

  test('asks less and less often, up to every half a minute', async () => {
    const standing = await standIn({ api: { readyAfterMs: 240_000 } });
    const { since } = await recordOnce(standing);
    const before = standing.clock.sleeps.length;
    await standing.control.waitUntilReady(STANDUP, { since });
    const pauses = standing.clock.sleeps.slice(before);
    expect(pauses.slice(0, 8)).toEqual([2000, 3000, 4500, 6750, 10_125, 15_187.5, 22_781.25, 30_000]);
    expect(Math.max(...pauses)).toBe(30_000);
  });

  test('takes the nearest after the start, not an earlier, a later or one of another type', async () => {
    const standing = await standIn();
    const { api, control, clock } = standing;
    await recordOnce(standing);
    const client = new StreamClient(api.apiKey, api.secret, { basePath: api.url });
    await client.video.call('default', 'standup').startRecording({ recording_type: 'composite' });
    await client.video.call('default', 'standup').stopRecording({ recording_type: 'composite' });
    const { since } = await recordOnce(standing);
    await recordOnce(standing);
    await clock.sleep(60_000, undefined);
    const [, second] = await control.list(STANDUP);
    expect(await control.waitUntilReady(STANDUP, { since })).toMatchObject({ filename: second?.filename });
  });

  test('takes none that belongs to another start', async () => {
    const standing = await standIn();
    const { since } = await recordOnce(standing);
    await recordOnce(standing);
    const first = await standing.control.waitUntilReady(STANDUP, { since });
    const second = await standing.control.waitUntilReady(STANDUP, { since, taken: [first] });
    expect(second.startTime.getTime()).toBeGreaterThan(first.startTime.getTime());
  });

  test('without a start waits for what is not listed yet', async () => {
    const standing = await standIn({ api: { readyAfterMs: 30_000 } });
    await recordOnce(standing);
    const first = await standing.control.waitUntilReady(STANDUP);
    await recordOnce(standing);
    expect(await standing.control.waitUntilReady(STANDUP)).not.toMatchObject({ filename: first.filename });
  });

  test.each([-600_000, 600_000])('goes by Stream’s clock, not by this machine’s (%i ms)', async (skew) => {
    const { api, clock } = await standIn();
    const { apiKey, secret, url: baseUrl } = api;
    const skewed = { now: () => clock.now() + skew, sleep: clock.sleep };
    const control = createRecordingControl({ apiKey, secret, baseUrl }, { clock: skewed });
    await control.start(STANDUP);
    await control.stop(STANDUP);
    await clock.sleep(60_000, undefined);
    const { since } = await control.start(STANDUP);
    await control.stop(STANDUP);
    await clock.sleep(60_000, undefined);
    const [, second] = await control.list(STANDUP);
    expect(await control.waitUntilReady(STANDUP, { since })).toMatchObject({ filename: second?.filename });
  });

  test('for one that fails ends with the signal', async () => {
    const controller = new AbortController();
    const standing = await standIn({
      api: { onRequest: () => standing.sent('ListRecordings').length === 20 && controller.abort() },
    });
    standing.api.fault({ operation: 'StopRecording', fault: { kind: 'recordingFails' } });
    const { since } = await recordOnce(standing);
    const waiting = standing.control.waitUntilReady(STANDUP, { since, signal: controller.signal });
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(standing.sent('ListRecordings')).toHaveLength(20);
  });
});
