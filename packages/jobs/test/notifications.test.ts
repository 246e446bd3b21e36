import { fork } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fact, FactBody, Jobs, Notification } from '../src/index.ts';
import { recordingState } from '../src/index.ts';
import { event, ordersOf } from './builders/events.ts';
import { API_KEY, EGRESS, FILE, fact, namesOf, ready, started, stopped, WHOLE } from './builders/facts.ts';
import { databaseServer } from './builders/server.ts';

const server = databaseServer();
const PERSON = { by: 'person', id: 'alice' } as const;
const STORED = { destination: 'out', files: 1, bytes: 10, manifest: 'out/manifest.json' };

const of = (names = WHOLE) => ({
  began: (attempt: number) => fact(names, 10_000 * attempt, { kind: 'attempt-began', attempt, worker: 'w' }),
  ended: (attempt: number, more: Omit<Extract<FactBody, { kind: 'attempt-ended' }>, 'kind' | 'attempt'>) =>
    fact(names, 10_000 * attempt + 5000, { kind: 'attempt-ended', attempt, ...more }),
  stored: (attempt: number) =>
    fact(names, 10_000 * attempt + 4000, { kind: 'outputs-stored', attempt, ...STORED }),
  retry: (request: number, afterAttempt: number) =>
    fact(names, 10_000 * afterAttempt + 9000, { kind: 'retry-requested', request, afterAttempt }),
  expired: (atMs: number) => fact(names, atMs, { kind: 'expired' }),
});

const GIVEN_UP = { outcome: 'given-up', cause: 'damaged', message: 'no archive' } as const;

/** Failed once, done, asked for again, given up. */
function longHistory(names = WHOLE): readonly Fact[] {
  const { began, ended, stored, retry } = of(names);
  return [
    started(names),
    stopped(names),
    ready(names),
    began(1),
    ended(1, { outcome: 'failed', cause: 'network', message: 'no answer' }),
    began(2),
    stored(2),
    ended(2, { outcome: 'stored' }),
    retry(1, 2),
    began(3),
    ended(3, GIVEN_UP),
  ];
}

async function notificationsOf(jobs: Jobs): Promise<readonly Notification[]> {
  const { notifications } = await jobs.notifications.list({ limit: 1000 });
  return notifications.toReversed();
}

const occasionsOf = (databaseUrl: string) =>
  server.query<{ kind: string; occasion: string }>(
    databaseUrl,
    'select kind, occasion from rawreel.notifications order by ordinal',
  );

describe('each end of a recording is told once', () => {
  test('done, and again when it is retried and done again; with what was true then', async () => {
    const jobs = await server.open();
    for (const one of longHistory()) await jobs.ledger.add(API_KEY, [one]);
    const [done, failed, ...others] = await notificationsOf(jobs);
    expect(others).toEqual([]);
    expect(done).toMatchObject({
      kind: 'done',
      atMs: 24_000,
      recording: { ...WHOLE, apiKey: API_KEY, state: 'done', attempt: 2, beginsMs: 1100, outputs: STORED },
    });
    expect(failed).toMatchObject({
      kind: 'failed',
      atMs: 35_000,
      recording: { state: 'failed', attempt: 3, failure: { kind: 'damaged', message: 'no archive' } },
    });
    expect(new Set([done?.id, failed?.id]).size).toBe(2);
  });

  test.each([
    [
      'a recording that Stream says has failed',
      [fact(EGRESS, 2000, { kind: 'recording-failed' })],
      ['failed'],
    ],
    ['one that is gone, whoever says so', [ready(FILE), of().expired(9500), of().expired(9600)], ['expired']],
    [
      'one that is gone twice, with a new link between',
      [
        ready(FILE),
        of().expired(9500),
        ready(FILE, { url: 'https://r.example/2' }, 9700),
        of().expired(9800),
      ],
      ['expired', 'expired'],
    ],
    ['one that nobody has to know of', [ready(FILE), fact(FILE, 1, { kind: 'ignored', why: 'x' })], []],
    ['one that was cancelled', [ready(FILE), fact(FILE, 1, { kind: 'cancelled', request: 1 })], []],
    ['one that fails and is tried again', longHistory().slice(0, 6), []],
  ])('%s', async (_, facts, kinds) => {
    const jobs = await server.open();
    for (const one of facts) await jobs.ledger.add(API_KEY, [one]);
    expect((await notificationsOf(jobs)).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('by real workers: given up, asked for again by a person, done', async () => {
    const jobs = await server.open({ retryRules: { bug: { retries: 0, firstSeconds: 0, mostSeconds: 0 } } });
    await jobs.ledger.take(event(), [ready(namesOf(1))]);
    const ended = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    jobs.work(
      async ({ attempt }) => {
        if (attempt === 1) throw new Error('a bug');
        return STORED;
      },
      {
        pollMs: 20,
        tell: (told) => {
          if (told.kind === 'ended') ended[told.attempt - 1]?.resolve();
        },
      },
    );
    await ended[0]?.promise;
    const [failed] = await notificationsOf(jobs);
    await jobs.ledger.retry(failed?.recording.id ?? '', PERSON);
    await ended[1]?.promise;
    expect((await notificationsOf(jobs)).map(({ kind }) => kind)).toEqual(['failed', 'done']);
  });
});

describe('whatever the order, the repetition, and the process', () => {
  test('every order of a short history tells its end once', async () => {
    const jobs = await server.open();
    const other = await server.open({ databaseUrl: jobs.databaseUrl });
    const { began, ended, stored } = of();
    const orders = ordersOf([ready(), began(1), stored(1), ended(1, { outcome: 'stored' })]);
    for (const [index, order] of orders.entries())
      for (const [turn, one] of order.entries())
        await (turn % 2 === 0 ? jobs : other).ledger.add(API_KEY, [{ ...one, ...namesOf(index) }]);
    const kinds = (await notificationsOf(jobs)).map(({ kind, recording }) => `${recording.callCid} ${kind}`);
    expect(kinds.toSorted()).toEqual(orders.map((_, index) => `default:call-${index} done`).toSorted());
  });

  test('any order, any repetition, in two processes by turns: the ends that it was at, each once', async () => {
    const jobs = await server.open();
    const other = await server.open({ databaseUrl: jobs.databaseUrl });
    let count = 1000;
    const history = longHistory().map((_, index) => index);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...history, ...history], { minLength: history.length }),
        async (order) => {
          const names = namesOf(count++);
          const facts = longHistory(names);
          const known: Fact[] = [];
          const ends = new Set<string>();
          for (const [turn, at] of order.entries()) {
            const one = facts[at] as Fact;
            known.push(one);
            await (turn % 2 === 0 ? jobs : other).ledger.add(API_KEY, [one]);
            const { state, endedBy } = recordingState(known);
            if (state === 'done' || state === 'failed') ends.add(`${state} attempt ${endedBy}`);
          }
          const rows = await server.query<{ told: string }>(
            jobs.databaseUrl,
            `select kind || ' ' || occasion as told from rawreel.notifications
             where recording->>'callCid' = $1`,
            [names.callCid],
          );
          expect(rows.map(({ told }) => told).toSorted()).toEqual([...ends].toSorted());
        },
      ),
      { numRuns: 12 },
    );
  });

  test('all at once from two processes, twice each: the end once', async () => {
    const jobs = await server.open();
    const other = await server.open({ databaseUrl: jobs.databaseUrl });
    const { expired } = of();
    const facts = [...longHistory(), expired(90_000)];
    await Promise.all(
      [...facts, ...facts].map((one, index) => (index % 2 === 0 ? jobs : other).ledger.add(API_KEY, [one])),
    );
    const told = (await occasionsOf(jobs.databaseUrl)).map(({ kind, occasion }) => `${kind} ${occasion}`);
    expect(told.filter((one) => one === 'expired at 90000')).toHaveLength(1);
    expect(new Set(told).size).toBe(told.length);
  });
});

test('the same facts from three processes at once, in three orders: each end once', async () => {
  const jobs = await server.open();
  const { ended, stored, began } = of();
  const histories = Array.from({ length: 8 }, (_, index) => {
    const names = namesOf(index);
    const facts = [ready(), began(1), stored(1), ended(1, { outcome: 'stored' })];
    return facts.map((one): Fact => ({ ...one, ...names }));
  }).flat();
  const orders = [histories, histories.toReversed(), [...histories.slice(13), ...histories.slice(0, 13)]];
  const codes = orders.map(async (facts) => {
    const child = fork(new URL('./builders/facts-process.ts', import.meta.url), [jobs.databaseUrl]);
    onTestFinished(() => void child.kill('SIGKILL'));
    child.send(facts);
    return (await once(child, 'exit'))[0];
  });
  expect(await Promise.all(codes)).toEqual([0, 0, 0]);
  const told = (await notificationsOf(jobs)).map(({ kind, recording }) => `${recording.callCid} ${kind}`);
  expect(told.toSorted()).toEqual(Array.from({ length: 8 }, (_, index) => `default:call-${index} done`));
});

describe('what is soon gone', () => {
  test('is told once for the time at which it is, by however many services', async () => {
    const jobs = await server.open();
    const other = await server.open({ databaseUrl: jobs.databaseUrl });
    const warn = async () => {
      const expiring = await jobs.ledger.expiringBefore(100_000, 10);
      await Promise.all([jobs.ledger.warnExpiring(expiring), other.ledger.warnExpiring(expiring)]);
    };
    await jobs.ledger.add(API_KEY, [ready(FILE, { expiresAtMs: 50_000 })]);
    await warn();
    await warn();
    await jobs.ledger.add(API_KEY, [ready(FILE, { expiresAtMs: 60_000, url: 'https://r.example/2' }, 9900)]);
    await warn();
    const told = await notificationsOf(jobs);
    expect(told.map(({ kind, recording }) => [kind, recording.expiresAtMs, recording.state])).toEqual([
      ['expiring', 50_000, 'queued'],
      ['expiring', 60_000, 'queued'],
    ]);
  });
});

test('old ends of a database that did not derive which attempt they are of are no news', async () => {
  const jobs = await server.open();
  for (const one of longHistory().slice(0, 8)) await jobs.ledger.add(API_KEY, [one]);
  // As the second migration left it.
  for (const statement of [
    'drop table rawreel.deliveries, rawreel.endpoints, rawreel.notifications',
    'drop index rawreel.recordings_by_time, rawreel.recordings_newest_of_state',
    'create index recordings_by_state on rawreel.recordings (state, ordinal)',
    `delete from rawreel.kysely_migration where name >= '0003'`,
  ])
    await server.query(jobs.databaseUrl, statement);
  await server.query(jobs.databaseUrl, `update rawreel.recordings set derived = derived - 'endedBy'`);
  const later = await server.open({ databaseUrl: jobs.databaseUrl });
  await later.ledger.add(API_KEY, [ready(WHOLE, { url: 'https://r.example/again' })]);
  expect(await notificationsOf(later)).toEqual([]);
});
