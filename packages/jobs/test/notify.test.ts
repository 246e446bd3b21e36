import { fork } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EndpointGone, type Jobs, NOTIFY_SCHEDULE, NOTIFY_TRIES, type NotifyEvent } from '../src/index.ts';
import { endpointOn } from './builders/deliveries.ts';
import { API_KEY, EGRESS, fact, namesOf } from './builders/facts.ts';
import { databaseServer } from './builders/server.ts';
import { Told } from './builders/told.ts';

const server = databaseServer();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Something to tell: Stream says that the recording failed. */
const fail = (jobs: Jobs, index: number, apiKey = API_KEY) =>
  jobs.ledger.add(apiKey, [fact(namesOf(index), 2000, { kind: 'recording-failed' })]);
const refuse = async () => {
  throw new Error('answered 500');
};
const is =
  (kind: NotifyEvent['kind'], attempt?: number) =>
  (told: NotifyEvent): boolean =>
    told.kind === kind && (attempt === undefined || told.attempt === attempt);

/** Time that only a test lets pass, from the database's own. */
function testTime() {
  let ms = Date.now();
  return {
    now: () => ms,
    pass(more: number) {
      ms += more;
    },
  };
}

const endpointOf = async (jobs: Jobs, name = 'endpoint') =>
  (await jobs.notifications.endpoints()).find((one) => one.name === name);
const deliveriesOf = async (jobs: Jobs) =>
  (await jobs.notifications.list({ limit: 100 })).notifications.flatMap(({ deliveries }) => deliveries);

describe('an endpoint is told', () => {
  test('once, and the answer is to be seen', async () => {
    const jobs = await server.open();
    const { told } = await endpointOn(jobs);
    await fail(jobs, 1);
    const delivered = await told.next(is('delivered'));
    expect(delivered).toMatchObject({
      attempt: 1,
      answer: 'taken',
      notification: { kind: 'failed', recording: { ...namesOf(1), state: 'failed' } },
    });
    expect(await jobs.notifications.list({ limit: 1 })).toMatchObject({
      notifications: [
        {
          id: delivered.notification.id,
          deliveries: [
            { endpoint: 'endpoint', attempts: 1, answer: 'taken', deliveredMs: expect.any(Number) },
          ],
        },
      ],
      next: undefined,
    });
    expect(await endpointOf(jobs)).toMatchObject({ waiting: 0, givenUp: 0, answer: 'taken' });
  });

  test('only of the kinds and the apps that it is for', async () => {
    const jobs = await server.open();
    const expiring = await endpointOn(jobs, { name: 'expiring', kinds: ['expiring'] });
    const other = await endpointOn(jobs, { name: 'other', apiKeys: ['other'], kinds: ['failed'] });
    await fail(jobs, 1);
    await fail(jobs, 2, 'other');
    await other.told.next(is('delivered'));
    const endpoints = (await deliveriesOf(jobs)).map(({ endpoint }) => endpoint);
    expect([endpoints, expiring.got.all]).toEqual([['other'], []]);
    expect(await endpointOf(jobs, 'other')).toMatchObject({ kinds: ['failed'], apiKeys: ['other'] });
  });

  test('also of what came true while no process had it', async () => {
    const jobs = await server.open();
    await (await endpointOn(jobs)).notifier.stop();
    await fail(jobs, 1);
    const { told } = await endpointOn(jobs);
    expect(await told.next(is('delivered'))).toMatchObject({ attempt: 1 });
  });

  test('of nothing that came true before it was there', async () => {
    const jobs = await server.open();
    await fail(jobs, 1);
    const { told, got } = await endpointOn(jobs);
    await fail(jobs, 2);
    await told.next(is('delivered'));
    expect(got.all.map(({ recording }) => recording.callCid)).toEqual(['default:call-2']);
  });

  test('once by four processes that have it', async () => {
    const jobs = await server.open();
    const opened = [jobs];
    while (opened.length < 4) opened.push(await server.open({ databaseUrl: jobs.databaseUrl }));
    const endpoints = await Promise.all(opened.map((each) => endpointOn(each)));
    for (let index = 0; index < 40; index++) await fail(jobs, index);
    const lastOnes = await endpointOn(jobs, { name: 'last' });
    await fail(jobs, 40);
    await lastOnes.told.next(is('delivered'));
    await Promise.all(endpoints.map(({ notifier }) => notifier.stop({ finishMs: 60_000 })));
    const { told } = await endpointOn(jobs);
    await fail(jobs, 41);
    await told.next((one) => one.notification.recording.callCid === 'default:call-41');
    const got = [...endpoints.flatMap((each) => each.got.all), ...told.all.map((one) => one.notification)];
    expect(new Set(got.map(({ id }) => id)).size).toBe(42);
    expect(got).toHaveLength(42);
  });

  test('while another endpoint hangs', async () => {
    const jobs = await server.open();
    const hanging = await endpointOn(jobs, { name: 'hanging', deliver: () => new Promise(() => undefined) });
    for (let index = 0; index < 10; index++) await fail(jobs, index);
    await hanging.got.count(4, () => true);
    const { told } = await endpointOn(jobs);
    await fail(jobs, 11);
    await told.next(is('delivered'));
    await hanging.notifier.stop({ handBackMs: 60_000 });
    // What it was called with and did not end is anybody's again, and none of it counts as a try.
    expect((await deliveriesOf(jobs)).filter(({ attempts }) => attempts > 0)).toHaveLength(1);
  });
});

describe('an endpoint that fails', () => {
  test('is tried again by the schedule, and then given up, visibly', async () => {
    const jobs = await server.open();
    const { now, pass } = testTime();
    const { told, got } = await endpointOn(jobs, { now, deliver: refuse });
    await fail(jobs, 1);
    for (const [index, { seconds }] of NOTIFY_SCHEDULE.entries()) {
      expect(await told.next(is('failed', index + 1))).toMatchObject({
        againInMs: seconds * 1000,
        answer: 'answered 500',
      });
      expect((await deliveriesOf(jobs))[0]?.nextMs).toBe(now() + seconds * 1000);
      pass(seconds * 1000 - 1);
      expect(got.all).toHaveLength(index + 1);
      pass(1);
    }
    expect(await told.next(is('failed', NOTIFY_TRIES))).toMatchObject({ againInMs: undefined });
    expect(new Set(got.all.map(({ id }) => id)).size).toBe(1);
    expect((await deliveriesOf(jobs))[0]).toMatchObject({
      attempts: 10,
      nextMs: undefined,
      deliveredMs: undefined,
    });
    expect(await endpointOf(jobs)).toMatchObject({
      waiting: 0,
      givenUp: 1,
      failingSinceMs: expect.any(Number),
    });
  });

  test('and answers in time is not failing any more', async () => {
    const jobs = await server.open();
    const { now, pass } = testTime();
    let calls = 0;
    const { told } = await endpointOn(jobs, {
      now,
      deliver: async () => (++calls === 1 ? await refuse() : 'taken'),
    });
    await fail(jobs, 1);
    await told.next(is('failed', 1));
    pass(5000);
    await told.next(is('delivered'));
    expect(await endpointOf(jobs)).toMatchObject({ failingSinceMs: undefined, answer: 'taken', waiting: 0 });
  });

  test('for five days is disabled, keeps what comes, and is told all of it once it is enabled', async () => {
    const jobs = await server.open();
    const { now, pass } = testTime();
    let isUp = false;
    const { told, got } = await endpointOn(jobs, {
      now,
      deliver: async () => (isUp ? 'taken' : await refuse()),
    });
    for (let day = 0; day <= 4; day++) {
      await fail(jobs, day);
      await told.count(day + 1, is('failed', 1));
      pass(DAY_MS);
      // What was tried before is due, too: each once more.
      await told.next(
        (one) => one.attempt === 2 && one.notification.recording.callCid === `default:call-${day}`,
      );
    }
    await told.next(is('disabled'));
    expect((await endpointOf(jobs))?.disabled).toMatchObject({ why: 'it failed for 5 days: answered 500' });
    await fail(jobs, 100);
    const tries = got.all.length;
    pass(DAY_MS);
    isUp = true;
    await jobs.notifications.enable('endpoint');
    pass(1);
    await told.count(6, is('delivered'));
    expect(got.all.length).toBe(tries + 6);
    expect(await endpointOf(jobs)).toMatchObject({ disabled: undefined, waiting: 0, givenUp: 0 });
  });

  test('now, and did ten days ago, was not failing all the time', async () => {
    const jobs = await server.open();
    const { now, pass } = testTime();
    const { told } = await endpointOn(jobs, { now, deliver: refuse });
    await fail(jobs, 1);
    await told.next(is('failed', 1));
    pass(10 * DAY_MS);
    await told.next(is('failed', 2));
    expect(await endpointOf(jobs)).toMatchObject({ failingSinceMs: now(), disabled: undefined });
  });

  test('with what it wants nothing more of is disabled at once, until its configuration changes', async () => {
    const jobs = await server.open();
    const gone = await endpointOn(jobs, {
      revision: 'one',
      deliver: async () => {
        throw new EndpointGone('answered 410');
      },
    });
    await fail(jobs, 1);
    expect(await gone.told.next(is('disabled'))).toMatchObject({
      attempt: 1,
      why: 'it is gone: answered 410',
    });
    await gone.notifier.stop();
    const same = await endpointOn(jobs, { revision: 'one' });
    await same.notifier.stop();
    expect([same.got.all, (await endpointOf(jobs))?.disabled]).toMatchObject([
      [],
      { why: 'it is gone: answered 410' },
    ]);
    const { told } = await endpointOn(jobs, { revision: 'two' });
    expect(await told.next(is('delivered'))).toMatchObject({ attempt: 1 });
  });
});

test('killed between sending and writing it down: the same id again, when its time is over', async () => {
  const jobs = await server.open();
  const child = fork(new URL('./builders/notifier-process.ts', import.meta.url), [
    jobs.databaseUrl,
    'endpoint',
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const sent = new Promise<{ id: string }>((resolve) =>
    child.once('message', (got) => resolve(got as never)),
  );
  while ((await endpointOf(jobs)) === undefined) await new Promise(setImmediate);
  await fail(jobs, 1);
  const { id } = await sent;
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const { now, pass } = testTime();
  const { told, got } = await endpointOn(jobs, { now });
  expect((await deliveriesOf(jobs))[0]).toMatchObject({ attempts: 1, deliveredMs: undefined });
  expect(got.all).toEqual([]);
  pass(2 * 60_000);
  expect(await told.next(is('delivered'))).toMatchObject({ attempt: 2, notification: { id } });
});

test('the database fails between telling and writing it down: it is written down later, and not told again', async () => {
  const failed = new Told<unknown>();
  const jobs = await server.open({ onError: failed.tell });
  const rename = (from: string, to: string) =>
    server.query(jobs.databaseUrl, `alter table rawreel.${from} rename to ${to}`);
  const { told, got } = await endpointOn(jobs, { deliver: () => rename('deliveries', 'away') });
  await fail(jobs, 1);
  await failed.next(() => true);
  await rename('away', 'deliveries');
  await told.next(is('delivered'));
  expect(got.all).toHaveLength(1);
  expect((await deliveriesOf(jobs))[0]).toMatchObject({ attempts: 1, deliveredMs: expect.any(Number) });
});

test('an endpoint that is not there cannot be enabled', async () => {
  const jobs = await server.open();
  await expect(jobs.notifications.enable('nobody')).rejects.toMatchObject({ code: 'ERR_NO_ENDPOINT' });
});

test('a list of pages, newest first, of all or of one recording', async () => {
  const jobs = await server.open();
  for (let index = 0; index < 3; index++) await fail(jobs, index);
  const first = await jobs.notifications.list({ limit: 2 });
  const second = await jobs.notifications.list({ limit: 2, before: first.next });
  const cids = [...first.notifications, ...second.notifications].map(({ recording }) => recording.callCid);
  expect([cids, second.next]).toEqual([['default:call-2', 'default:call-1', 'default:call-0'], undefined]);
  const { recordings } = await jobs.ledger.list({ callCid: 'default:call-1', limit: 1 });
  const recordingId = recordings[0]?.id ?? '';
  const ofOne = await jobs.notifications.list({ recordingId, limit: 10 });
  expect(ofOne.notifications.map(({ recording }) => recording.id)).toEqual([recordingId]);
  expect(await jobs.notifications.list({ recordingId: 'none', limit: 1 })).toEqual({ notifications: [] });
});

test('after two weeks notifications are removed, and endpoints that nobody has', async () => {
  const { databaseUrl, ...jobs } = await server.open();
  await (
    await jobs.notify({ name: 'old', deliver: async () => 'taken', now: () => Date.now() - 15 * DAY_MS })
  ).stop();
  await fail({ databaseUrl, ...jobs }, 1);
  await server.query(databaseUrl, `update rawreel.notifications set created_at = now() - interval '15 days'`);
  await jobs.ledger.add(API_KEY, [fact(EGRESS, 2000, { kind: 'recording-failed' })]);
  // The first round of a process is soon after its start.
  const other = await server.open({ databaseUrl, leaseMs: 60 });
  const endpoints = async () => (await other.notifications.endpoints()).length;
  while ((await endpoints()) > 0) await new Promise(setImmediate);
  const { notifications } = await other.notifications.list({ limit: 10 });
  expect(notifications.map(({ recording }) => recording.egressId)).toEqual(['egress-1']);
});
