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

  test('tells what was stopped from one before it that is still being finished', async () => {
    const standing = await standIn({ api: { readyAfterMs: 300_000 } });
    const { control, clock } = standing;
    await recordOnce(standing);
    await clock.sleep(1000, undefined);
    await control.start(STANDUP);
    await clock.sleep(1000, undefined);
    const { endedSince } = await control.stop(STANDUP);
    const found = await control.waitUntilReady(STANDUP, { endedSince });
    const [first, second] = await control.list(STANDUP);
    expect([found.filename, second !== undefined]).toEqual([second?.filename, true]);
    expect(first?.filename).not.toBe(found.filename);
  });

  test('takes one that ended a little before its stop, as the last packet may have', async () => {
    const at = (ms: number) => new Date(Date.UTC(2026, 10, 20, 9, 29) + ms);
    const recordings = [0, 20_000].map((ms) => ({
      type: 'raw' as const,
      startedAt: at(ms),
      stoppedAt: at(ms + 15_000),
    }));
    const { control, clock } = await standIn({ api: { seed: { calls: [{ ...STANDUP, recordings }] } } });
    const begun = clock.now();
    const found = await control.waitUntilReady(STANDUP, { endedSince: at(37_000) });
    expect(found.startTime).toEqual(at(20_000));
    expect(clock.now() - begun).toBeGreaterThanOrEqual(60_000);
  });

  test('for one that failed ends once nothing has been recorded for a while', async () => {
    const standing = await standIn();
    const { control, clock } = standing;
    standing.api.fault({ operation: 'StopRecording', fault: { kind: 'recordingFails' } });
    const { since } = await recordOnce(standing);
    const begun = clock.now();
    await expect(control.waitUntilReady(STANDUP, { since })).rejects.toMatchObject({
      code: 'ERR_NOT_READY',
      message: expect.stringContaining('for 30 min'),
      hint: expect.stringContaining('call.recording_failed'),
    });
    expect(clock.now() - begun).toBe(30 * 60_000);
  });

  test('does not end while it runs, however long', async () => {
    let stopping: Promise<unknown> | undefined;
    const standing = await standIn({
      api: {
        onRequest: () => {
          if (standing.sent('ListRecordings').length === 100) stopping ??= standing.control.stop(STANDUP);
        },
      },
    });
    const { since } = await standing.control.start(STANDUP);
    const found = await standing.control.waitUntilReady(STANDUP, { since, timeoutMs: 60_000 });
    expect(found.startTime).toEqual(since);
    await stopping;
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

describe('an entry of the list that is odd', () => {
  const whole = {
    filename: 'whole.zip',
    url: 'https://media.example/whole.zip',
    session_id: 's',
    start_time: 1_000_000_000,
    end_time: 2_000_000_000,
    recording_type: 'raw',
  };
  const listing = async (odd: unknown, types: 'raw' | 'all' = 'raw') => {
    const { api, control } = await standIn();
    const body = JSON.stringify({ recordings: [odd, whole], duration: '1ms' });
    api.fault({ operation: 'ListRecordings', fault: { kind: 'otherAnswer', status: 200, body } });
    const unusable: string[] = [];
    const listed = await control.list(STANDUP, { types, onUnusable: (what) => unusable.push(what) });
    return { listed, names: listed.map(({ filename }) => filename), unusable };
  };

  test('costs itself, and is told', async () => {
    for (const odd of [null, 7, {}, { ...whole, start_time: null }, { ...whole, url: undefined }]) {
      const { names, unusable } = await listing(odd);
      expect(names).toEqual(['whole.zip']);
      expect(unusable).toEqual([expect.stringMatching(/^recordings\.0\..*: expected .*, received /)]);
    }
  });

  test('without an end is listed, and can be downloaded', async () => {
    const { listed, unusable } = await listing({ ...whole, filename: 'endless.zip', end_time: null });
    expect(listed).toMatchObject([
      { filename: 'endless.zip', endTime: undefined },
      { filename: 'whole.zip' },
    ]);
    expect(unusable).toEqual([]);
  });

  test('without a type is told where raw ones are listed, and listed with all', async () => {
    const odd = { ...whole, filename: 'any.zip', recording_type: undefined };
    expect(await listing(odd)).toMatchObject({
      names: ['whole.zip'],
      unusable: ['any.zip has no recording_type'],
    });
    expect(await listing(odd, 'all')).toMatchObject({ names: ['any.zip', 'whole.zip'], unusable: [] });
  });
});
