import type { Fact } from '@rawreel/jobs';
import { expect, test } from 'vitest';
import { CALL, DAY, HOUR, ledgerOfFile, MINUTE, type Standing, standing } from '../builders/reconciling.ts';

const opened = ledgerOfFile();
const begin = (options?: Parameters<typeof standing>[1], clock?: Parameters<typeof standing>[2]) =>
  standing(opened.jobs.ledger, options, clock);

const T0 = Date.UTC(2026, 10, 20, 9, 30);
const ago = (ms: number) => new Date(T0 - ms);
const recording = (startedMsAgo: number, lengthMs = MINUTE) => ({
  type: 'raw' as const,
  startedAt: ago(startedMsAgo),
  stoppedAt: ago(startedMsAgo - lengthMs),
});

const files = async (service: Standing) =>
  (await service.recordings()).map(({ callCid, state }) => [callCid, state]);

test('a receiver that was off for two days loses nothing: also of calls that ended, or that all have left', async () => {
  const ids = ['ends', 'is-left', 'goes-on'];
  const calls = ids.map((id) => ({ type: 'default', id, createdAt: ago(9 * DAY), participants: ['ann'] }));
  const service = await begin({ seed: { calls } });
  for (const call of service.api.state.calls.values()) Object.assign(call, { updatedAt: T0 - 9 * DAY });
  await service.look();
  expect(await service.recordings()).toEqual([]);
  service.clock.pass(DAY);
  for (const id of ids) await service.record({ type: 'default', id });
  Object.assign(service.api.state.calls.get('default:ends') ?? {}, { endedAt: service.clock.now() });
  service.api.leave({ type: 'default', id: 'is-left' }, 'ann');
  service.clock.pass(DAY);
  await service.api.advance(0);

  const looks = await service.look();
  expect(looks.map(({ breadth, found }) => [breadth, found])).toEqual([
    ['active', 2],
    ['all', 1],
  ]);
  expect((await files(service)).toSorted()).toEqual([
    ['default:ends', 'queued'],
    ['default:goes-on', 'queued'],
    ['default:is-left', 'queued'],
  ]);
});

test('what is found is a fact of the reconciler’s, with times, link and when that expires', async () => {
  const service = await begin({ urlLifetimeMs: 3 * HOUR });
  await service.record();
  await service.look();
  const [found] = await service.recordings();
  const whole = await service.ledger.recording(found?.id ?? '');
  expect(whole?.facts).toMatchObject([
    {
      kind: 'ready',
      callCid: 'default:standup',
      startMs: T0,
      endMs: T0 + MINUTE,
      atMs: service.clock.now(),
      expiresAtMs: Math.floor((service.clock.now() + 3 * HOUR) / 1000) * 1000,
      source: { by: 'reconciler' },
    },
  ]);
});

test('a link that is signed now outlives its file: what is told is when the first of the two goes away', async () => {
  const calls = [{ ...CALL, createdAt: ago(20 * DAY), recordings: [recording(13 * DAY)] }];
  const service = await begin({ seed: { calls } });
  await service.look();
  expect(await service.recordings()).toMatchObject([{ expiresAtMs: T0 - 13 * DAY + MINUTE + 14 * DAY }]);
});

test('looks add nothing for what is known, though each list has another link', async () => {
  const service = await begin();
  await service.record();
  const reconciler = service.reconciler();
  for (let looks = 0; looks < 4; looks += 1) {
    await reconciler.lookNow();
    service.clock.pass(5 * MINUTE);
  }
  const [found, ...more] = await service.recordings();
  expect(more).toEqual([]);
  expect((await service.ledger.recording(found?.id ?? ''))?.facts).toHaveLength(1);
});

test('a look at all calls takes up long recordings, whenever they began, and nothing from before the retention', async () => {
  const calls = [
    {
      ...CALL,
      createdAt: ago(60 * DAY),
      recordings: [recording(15 * DAY, 2 * DAY), recording(15 * DAY, DAY / 2)],
    },
  ];
  const service = await begin({ seed: { calls } });
  await service.look();
  expect((await service.recordings()).map(({ beginsMs, endsMs }) => [beginsMs, endsMs])).toEqual([
    [T0 - 15 * DAY, T0 - 13 * DAY],
  ]);
});

test('with what webhooks told it is one recording: started and stopped before, ready afterwards', async () => {
  const service = await begin();
  const { app, ledger, clock } = service;
  const names = { callCid: 'default:standup', egressId: 'e1' };
  const source = { by: 'webhook' } as const;
  await ledger.add(app.apiKey, [{ kind: 'started', ...names, atMs: clock.now() - 1, source }]);
  await service.record();
  await service.look();
  const [found] = await service.recordings();
  expect(found).toMatchObject({ egressId: 'e1', isInferred: true, state: 'queued' });
  const { sessionId = '', filename = '' } = found ?? {};
  const late: Fact = {
    kind: 'ready',
    ...names,
    sessionId,
    filename,
    url: 'https://recordings.example/rec.zip?Expires=1796945610',
    startMs: T0,
    endMs: T0 + MINUTE,
    atMs: clock.now(),
    source,
  };
  await ledger.add(app.apiKey, [late]);
  await service.look();
  expect(await service.recordings()).toMatchObject([{ egressId: 'e1', isInferred: false, filename }]);
});

test('a call that the ledger waits for is asked, though nothing else says that it is active', async () => {
  const calls = [{ ...CALL, createdAt: ago(9 * DAY), recordings: [recording(HOUR)] }];
  const service = await begin({ seed: { calls } });
  Object.assign(service.api.state.calls.get('default:standup') ?? {}, { updatedAt: T0 - 9 * DAY });
  const { app, ledger } = service;
  for (const name of ['active', 'all']) await ledger.moveCursor(app.apiKey, name, T0 - 10 * MINUTE);
  expect(await service.look()).toMatchObject([{ breadth: 'active', calls: 0 }]);
  const names = { callCid: 'default:standup', egressId: 'e1' };
  await ledger.add(app.apiKey, [
    { kind: 'started', ...names, atMs: T0 - HOUR - 1, source: { by: 'webhook' } },
  ]);
  expect(await service.look()).toMatchObject([{ breadth: 'active', calls: 1, found: 1 }]);
  expect(await files(service)).toEqual([['default:standup', 'queued']]);
});

test('a call that is left is asked for a while, so that what is ready late is found within minutes', async () => {
  const service = await begin({ readyAfterMs: 20 * MINUTE });
  const reconciler = service.reconciler();
  await service.app.control.start(CALL);
  Object.assign(service.api.state.calls.get('default:standup') ?? {}, { updatedAt: T0 - 9 * DAY });
  await reconciler.lookNow();
  service.api.leave(CALL, 'ann');
  service.clock.pass(10 * MINUTE);
  await service.api.advance(0);
  const found: number[] = [];
  for (let looks = 0; looks < 6; looks += 1) {
    const [active] = (await reconciler.lookNow()).get(service.app.apiKey) ?? [];
    found.push(active?.found ?? -1);
    service.clock.pass(5 * MINUTE);
  }
  expect(found.filter((count) => count === 1)).toHaveLength(1);
  expect(found.filter((count) => count === 0)).toHaveLength(5);
});

test('calls deleted meanwhile are none, and hold nothing back', async () => {
  const service = await begin();
  await service.record();
  const body = JSON.stringify({ code: 16, message: "Can't find call" });
  service.api.fault({
    operation: 'ListRecordings',
    fault: { kind: 'otherAnswer', status: 404, body },
    times: 2,
  });
  expect(await service.look()).toMatchObject([{ failed: [] }, { failed: [] }]);
  expect(service.warnings).toEqual([]);
  expect(await service.ledger.cursor(service.app.apiKey, 'active')).toBe(service.clock.now());
});

test('an odd entry costs itself alone, and is told', async () => {
  const calls = [
    { ...CALL, recordings: [recording(HOUR), { ...recording(2 * HOUR), filename: 'a\u0007b.zip' }] },
  ];
  const service = await begin({ seed: { calls } });
  const { api } = service;
  await service.look();
  expect(await service.recordings()).toHaveLength(1);
  expect(service.warnings).toMatchObject([
    { code: 'unusable', callCid: 'default:standup', message: expect.stringContaining('control characters') },
    { code: 'unusable' },
  ]);
  service.warnings.length = 0;
  const body = JSON.stringify({ duration: '1ms', recordings: [{ filename: 'no more.zip' }, null] });
  api.fault({ operation: 'ListRecordings', fault: { kind: 'otherAnswer', status: 200, body } });
  await service.look();
  expect(service.warnings.map(({ code }) => code)).toEqual(['unusable', 'unusable']);
  expect(await service.ledger.cursor(service.app.apiKey, 'active')).toBe(service.clock.now());
});

test('inside the rate limit: what is used up is waited for, and nothing fails', async () => {
  const calls = Array.from({ length: 130 }, (_, number) => ({
    type: 'default',
    id: `call-${number}`,
    createdAt: new Date(T0 - HOUR + number),
    recordings: [recording(HOUR / 2)],
  }));
  const service = await begin({ seed: { calls }, rateLimit: { requests: 60, windowMs: MINUTE } });
  const [active, all] = await service.look();
  expect(active).toMatchObject({ calls: 130, found: 130, failed: [] });
  expect(all).toMatchObject({ calls: 130, found: 0, failed: [] });
  expect(await service.recordings()).toHaveLength(130);
  expect(service.warnings).toEqual([]);
  expect(service.clock.sleeps.length).toBeGreaterThan(0);
});

test('two services that look at one app at the same time find each recording once', async () => {
  const calls = ['a', 'b', 'c'].map((id) => ({
    type: 'default',
    id,
    recordings: [recording(HOUR), recording(2 * HOUR)],
  }));
  const service = await begin({ seed: { calls } });
  await Promise.all([service.look(), service.look(), service.look()]);
  const recordings = await service.recordings();
  expect(recordings.map(({ state }) => state)).toEqual(Array(6).fill('queued'));
  expect(await service.ledger.cursor(service.app.apiKey, 'all')).toBe(service.clock.now());
});
