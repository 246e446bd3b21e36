import type { Ledger } from '@rawreel/jobs';
import { expect, onTestFinished, test } from 'vitest';
import type { Reconciler } from '../../src/index.ts';
import {
  CALL,
  DAY,
  HOUR,
  heldClock,
  ledgerOfFile,
  MINUTE,
  type Standing,
  standing,
  testClock,
} from '../builders/reconciling.ts';

const opened = ledgerOfFile();
const begin = (options?: Parameters<typeof standing>[1], clock?: Parameters<typeof standing>[2]) =>
  standing(opened.jobs.ledger, options, clock);

const T0 = Date.UTC(2026, 10, 20, 9, 30);
const crowd = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    type: 'default',
    id: `call-${number}`,
    createdAt: new Date(T0 - HOUR + number),
    recordings: [
      { type: 'raw' as const, startedAt: new Date(T0 - HOUR), stoppedAt: new Date(T0 - HOUR + MINUTE) },
    ],
  }));

/** The ledger, in which something happens at the `count`th time that facts are added. */
function ledgerWith(ledger: Ledger, count: number, happens: () => void): Ledger {
  let added = 0;
  const add: Ledger['add'] = async (apiKey, facts) => {
    added += 1;
    if (added === count) happens();
    await ledger.add(apiKey, facts);
  };
  return { ...ledger, add };
}

const codes = ({ warnings }: Standing) => warnings.map(({ code }) => code);
const cursors = ({ ledger, app }: Standing) =>
  Promise.all(['active', 'all'].map((name) => ledger.cursor(app.apiKey, name)));

test('a look that breaks in the middle is repeated, not skipped, and keeps what it has found', async () => {
  const service = await begin({ seed: { calls: crowd(110) } });
  const breaking = ledgerWith(service.ledger, 105, () => {
    throw new Error('the database is gone');
  });
  expect(await service.look({ ledger: breaking })).toEqual([]);
  expect(service.warnings).toMatchObject([
    { code: 'app-failed', againAtMs: T0 + 30_000, message: expect.stringContaining('the database is gone') },
  ]);
  expect(await service.recordings()).toHaveLength(104);
  expect(await cursors(service)).toEqual([undefined, undefined]);
  const [again] = await service.look();
  expect(again).toMatchObject({ calls: 110, found: 6 });
  expect(await service.recordings()).toHaveLength(110);
  expect(await cursors(service)).toEqual([T0, T0]);
});

test('a service that stops in the middle of a look moves no cursor, and says nothing', async () => {
  const service = await begin({ seed: { calls: crowd(110) } });
  const made: { reconciler?: Reconciler } = {};
  const ledger = ledgerWith(service.ledger, 3, () => void made.reconciler?.stop());
  made.reconciler = service.reconciler({ ledger });
  expect((await made.reconciler.lookNow()).get(service.app.apiKey)).toEqual([]);
  expect(await cursors(service)).toEqual([undefined, undefined]);
  expect(service.warnings).toEqual([]);
  const [again] = await service.look();
  expect((again?.found ?? 0) + 100).toBe(110);
});

test('after a restart it goes on where it was, minus the overlap; all calls are asked once a day, or after a gap', async () => {
  const service = await begin();
  await service.look();
  service.clock.pass(10 * MINUTE);
  expect((await service.look()).map(({ breadth }) => breadth)).toEqual(['active']);
  const since = new Date(T0 - HOUR).toISOString();
  expect(service.sent('QueryCalls').at(-1)?.body).toMatchObject({
    filter_conditions: {
      $or: [
        { ongoing: { $eq: true } },
        { created_at: { $gte: since } },
        { updated_at: { $gte: since } },
        { ended_at: { $gte: since } },
      ],
    },
  });
  service.clock.pass(2 * HOUR);
  expect((await service.look()).map(({ breadth }) => breadth)).toEqual(['active', 'all']);
  const reconciler = service.reconciler();
  const breadths: (string | undefined)[] = [];
  for (let hours = 0; hours < 25; hours += 1) {
    service.clock.pass(HOUR);
    const looks = (await reconciler.lookNow()).get(service.app.apiKey) ?? [];
    breadths.push(...looks.map(({ breadth }) => breadth));
  }
  expect(breadths.filter((breadth) => breadth === 'all')).toHaveLength(1);
});

test('one app that fails is told and tried again later and later; the others go on', async () => {
  const clock = testClock();
  const service = await begin({}, clock);
  const broken = await begin({ seed: { calls: crowd(1) } }, clock);
  const badGateway = { kind: 'badGateway', effect: 'none' } as const;
  // A look asks five times.
  broken.api.fault({ operation: 'QueryCalls', fault: badGateway, times: 15 });
  const held = { ours: heldClock(clock), theirs: heldClock(clock) };
  await service.record();
  const ours = service.reconciler({ clock: held.ours });
  const theirs = broken.reconciler({ apps: [broken.app, service.app], clock: held.theirs });
  ours.start();
  theirs.start();
  const backOffs: number[] = [];
  while (backOffs.length < 3) {
    const ms = await held.theirs.nextSleep();
    if (ms !== 5 * MINUTE) backOffs.push(ms);
  }
  expect(backOffs).toEqual([30_000, 60_000, 120_000]);
  expect(codes(broken)).toEqual(['app-failed', 'app-failed', 'app-failed']);
  expect(await held.ours.nextSleep()).toBe(5 * MINUTE);
  expect(await service.recordings()).toHaveLength(1);
  await theirs.lookNow();
  expect(await broken.recordings()).toHaveLength(1);
  await Promise.all([ours.stop(), theirs.stop()]);
});

test('a wrong secret is told with what to do about it, at once', async () => {
  const service = await begin();
  const body = JSON.stringify({ code: 5, message: 'signature is not valid' });
  service.api.fault({ operation: 'QueryCalls', fault: { kind: 'otherAnswer', status: 401, body } });
  expect(await service.look()).toEqual([]);
  expect(service.warnings).toMatchObject([{ code: 'app-failed', error: { code: 'ERR_NOT_PERMITTED' } }]);
  expect(service.sent('QueryCalls')).toHaveLength(1);
});

test('two apps with calls of one name have recordings of their own', async () => {
  const clock = testClock();
  const [one, other] = [await begin({}, clock), await begin({}, clock)];
  await one.record();
  await other.record();
  await one.reconciler({ apps: [one.app, other.app] }).lookNow();
  for (const service of [one, other])
    expect(await service.recordings()).toMatchObject([{ callCid: 'default:standup', state: 'queued' }]);
});

test('a call that cannot be listed is told and asked again, and the cursors wait for it', async () => {
  const service = await begin();
  await service.record();
  const body = JSON.stringify({ code: 17, message: 'not allowed' });
  const fault = { kind: 'otherAnswer', status: 403, body } as const;
  service.api.fault({ operation: 'ListRecordings', fault, times: 3 });
  const reconciler = service.reconciler();
  await reconciler.lookNow();
  expect(service.warnings).toMatchObject([
    { code: 'call-failed', callCid: 'default:standup', error: { code: 'ERR_NOT_PERMITTED' } },
    { code: 'call-failed' },
  ]);
  expect(await cursors(service)).toEqual([undefined, undefined]);
  service.clock.pass(5 * MINUTE);
  await reconciler.lookNow();
  expect(await cursors(service)).toEqual([undefined, undefined]);
  service.clock.pass(5 * MINUTE);
  await reconciler.lookNow();
  expect(await service.recordings()).toHaveLength(1);
  const now = service.clock.now();
  expect(await cursors(service)).toEqual([now, now - 10 * MINUTE]);
});

test('where one call after the other cannot be listed, it is the app that fails', async () => {
  const service = await begin({ seed: { calls: crowd(110) } });
  const body = JSON.stringify({ code: 17, message: 'not allowed' });
  const fault = { kind: 'otherAnswer', status: 403, body } as const;
  service.api.fault({ operation: 'ListRecordings', fault, times: 1000 });
  expect(await service.look()).toEqual([]);
  expect(codes(service)).toEqual([...Array(20).fill('call-failed'), 'app-failed']);
  // A page's worth.
  expect(service.sent('ListRecordings')).toHaveLength(100);
  expect(await cursors(service)).toEqual([undefined, undefined]);
});

test('a look at all calls that takes hours keeps no other back, and is not begun a second time', async () => {
  const service = await begin();
  const { control } = service.app;
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const app = {
    ...service.app,
    control: {
      ...control,
      async *sweep(options: Parameters<typeof control.sweep>[0]) {
        if (options?.onlyActive === false) {
          begun += 1;
          await gate.promise;
        }
        yield* control.sweep(options);
      },
    },
  };
  const clock = heldClock(service.clock);
  const reconciler = service.reconciler({ apps: [app], clock });
  onTestFinished(() => gate.resolve());
  reconciler.start();
  await clock.nextSleep();
  await service.record();
  // The one that was under way, and one after it.
  await clock.nextSleep();
  await clock.nextSleep();
  expect(await service.recordings()).toHaveLength(1);
  expect(begun).toBe(1);
  gate.resolve();
  const looks = (await reconciler.lookNow()).get(app.apiKey) ?? [];
  expect(looks.map(({ breadth }) => breadth).slice(0, 1)).toEqual(['active']);
  expect(begun).toBe(1);
  await reconciler.stop();
  expect(await service.ledger.cursor(app.apiKey, 'all')).toBe(T0);
});

test('looks that take longer than the overlap follow each other without a gap', async () => {
  const service = await begin();
  const { control } = service.app;
  const app = {
    ...service.app,
    control: {
      ...control,
      async *sweep(options: Parameters<typeof control.sweep>[0]) {
        yield* control.sweep(options);
        if (options?.onlyActive === true) service.clock.pass(3 * HOUR);
      },
    },
  };
  await control.start(CALL);
  const call = service.api.state.calls.get('default:standup');
  Object.assign(call ?? {}, { createdAt: T0 - 9 * DAY, updatedAt: T0 - 9 * DAY });
  const reconciler = service.reconciler({ apps: [app] });
  const look = async () =>
    ((await reconciler.lookNow()).get(app.apiKey) ?? []).map(({ breadth, found }) => [breadth, found]);
  expect(await look()).toEqual([
    ['active', 0],
    ['all', 0],
  ]);
  service.api.leave(CALL, 'ann');
  service.clock.pass(5 * MINUTE);
  await service.api.advance(0);
  expect(await look()).toEqual([['active', 1]]);
});

test('what expires is warned of once, then gets a newer link, and is marked as expired when it is gone', async () => {
  const service = await begin({ urlLifetimeMs: 3 * HOUR });
  await service.record();
  const reconciler = service.reconciler();
  await reconciler.lookNow();
  await reconciler.lookNow();
  await service.reconciler({ onWarning: () => undefined }).lookNow();
  const expiresAtMs = T0 + 6 * MINUTE + 3 * HOUR;
  expect(service.warnings).toMatchObject([{ code: 'expiring', recording: { expiresAtMs } }]);
  expect(service.warnings[0]?.message).toMatch(/\.zip of default:standup expires at 2026-11-20T12:36:00/);

  service.clock.pass(2 * HOUR + MINUTE);
  await reconciler.lookNow();
  const [renewed] = await service.recordings();
  expect(renewed?.expiresAtMs).toBe(service.clock.now() + 3 * HOUR);
  expect((await service.ledger.recording(renewed?.id ?? ''))?.facts).toHaveLength(2);

  service.api.state.calls.get('default:standup')?.recordings.pop();
  service.clock.pass(3 * HOUR + MINUTE);
  await reconciler.lookNow();
  // This machine's clock may be fast.
  expect(await service.recordings()).toMatchObject([{ state: 'queued' }]);
  service.clock.pass(HOUR);
  service.warnings.length = 0;
  await reconciler.lookNow();
  await reconciler.lookNow();
  expect(await service.recordings()).toMatchObject([{ state: 'expired' }]);
  expect(codes(service)).toEqual(['expired']);

  // Each once, though another process had warned of it, too.
  const { notifications } = await opened.jobs.notifications.list({ recordingId: renewed?.id, limit: 10 });
  expect(notifications.map(({ kind, recording }) => [kind, recording.expiresAtMs])).toEqual([
    ['expired', renewed?.expiresAtMs],
    ['expiring', renewed?.expiresAtMs],
    ['expiring', expiresAtMs],
  ]);
});

test('a call that was deleted with its recordings: what has expired of it is gone', async () => {
  const service = await begin({ urlLifetimeMs: HOUR });
  await service.record();
  const reconciler = service.reconciler();
  await reconciler.lookNow();
  (service.api.state.calls as Map<string, unknown>).delete('default:standup');
  service.clock.pass(DAY);
  await reconciler.lookNow();
  expect(await service.recordings()).toMatchObject([{ state: 'expired' }]);
});

test.each([
  ['the list cannot be read', 403, { code: 17, message: 'not allowed' }],
  ['it may be the odd entry of the list', 200, { duration: '1ms', recordings: [{ filename: 'x' }] }],
])('nothing is marked as expired where that is not sure: %s', async (_why, status, answer) => {
  const service = await begin({ urlLifetimeMs: HOUR });
  await service.record();
  const reconciler = service.reconciler();
  await reconciler.lookNow();
  service.clock.pass(DAY - MINUTE);
  const fault = { kind: 'otherAnswer', status, body: JSON.stringify(answer) } as const;
  service.api.fault({ operation: 'ListRecordings', fault, times: 10 });
  await reconciler.lookNow();
  expect(await service.recordings()).toMatchObject([{ state: 'queued' }]);
  expect(service.warnings.length).toBeGreaterThan(1);
});

test('a recording that was taken for expired and is listed again is taken up again', async () => {
  const service = await begin();
  await service.record(CALL);
  await service.look();
  const [{ callCid = '', sessionId, filename } = {}] = await service.recordings();
  const names = { callCid, sessionId, filename };
  await service.ledger.add(service.app.apiKey, [
    { kind: 'expired', ...names, atMs: service.clock.now(), source: { by: 'worker' } },
  ]);
  expect(await service.recordings()).toMatchObject([{ state: 'expired' }]);
  service.clock.pass(MINUTE);
  await service.look();
  expect(await service.recordings()).toMatchObject([{ state: 'queued' }]);
});
