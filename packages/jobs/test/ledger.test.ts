import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { SCHEMA } from '../src/database/connect.ts';
import type { Tables } from '../src/database/tables.ts';
import type { Fact, Jobs, RecordingSummary } from '../src/index.ts';
import { listRecordings } from '../src/ledger/queries/list-recordings.ts';
import { event, ordersOf } from './builders/events.ts';
import {
  API_KEY,
  CALL,
  EGRESS,
  FILE,
  fact,
  namesOf,
  ready,
  started,
  stopped,
  WHOLE,
} from './builders/facts.ts';
import { databaseServer } from './builders/server.ts';

const server = databaseServer();
const PERSON = { by: 'person', id: 'alice' } as const;

const all = async ({ ledger }: Jobs): Promise<readonly RecordingSummary[]> =>
  (await ledger.list({ limit: 1000 })).recordings;

async function only(jobs: Jobs): Promise<RecordingSummary> {
  const recordings = await all(jobs);
  expect(recordings).toHaveLength(1);
  return recordings[0] as RecordingSummary;
}

/** Jobs that wait or run, as pg-boss has them. */
const liveJobs = (databaseUrl: string) =>
  server.query<{ recording: string; state: string }>(
    databaseUrl,
    `select data->>'recordingId' as recording, state::text from rawreel_queue.job
     where name = 'recordings' and state < 'completed'`,
  );

const rowsOf = (databaseUrl: string, table: string) =>
  server
    .query<{ count: string }>(databaseUrl, `select count(*) from rawreel.${table}`)
    .then(([row]) => Number(row?.count));

describe('an event is taken once', () => {
  test('by what it says, whoever brings it', async () => {
    const jobs = await server.open();
    expect(await jobs.ledger.take(event({ identity: 'one' }), [started()])).toBe('taken');
    const again = event({ identity: 'one', source: { by: 'sqs', id: 'message' } });
    expect(await jobs.ledger.take(again, [stopped()])).toBe('repeated');
    expect((await only(jobs)).state).toBe('recording');
    expect(await rowsOf(jobs.databaseUrl, 'events')).toBe(1);
  });

  test('an old event under the webhook id of one to come keeps that one not out', async () => {
    const jobs = await server.open();
    const source = { by: 'webhook', id: 'w' } as const;
    expect(await jobs.ledger.take(event({ identity: 'old', source }), [started()])).toBe('taken');
    expect(await jobs.ledger.take(event({ identity: 'new', source }), [stopped()])).toBe('taken');
    expect((await only(jobs)).state).toBe('awaiting');
  });

  test('two apps have their own: the same ids and names of another app are other events and recordings', async () => {
    const jobs = await server.open();
    expect(await jobs.ledger.take(event({ identity: 'i' }), [started()])).toBe('taken');
    expect(await jobs.ledger.take(event({ identity: 'i', apiKey: 'another' }), [started()])).toBe('taken');
    expect((await all(jobs)).map(({ apiKey }) => apiKey).sort()).toEqual(['another', API_KEY].sort());
  });

  test('delivered by ten connections at the same time', async () => {
    const jobs = await server.open();
    const others = await Promise.all(
      Array.from({ length: 9 }, () => server.open({ databaseUrl: jobs.databaseUrl })),
    );
    const answers = await Promise.all(
      [jobs, ...others].map(({ ledger }, index) =>
        ledger.take(event({ identity: 'the one', source: { by: 'webhook', id: `hook-${index}` } }), [
          ready(),
        ]),
      ),
    );
    expect(answers.toSorted()).toEqual([...Array(9).fill('repeated'), 'taken']);
    expect((await only(jobs)).state).toBe('queued');
    expect(await liveJobs(jobs.databaseUrl)).toHaveLength(1);
  });

  test('events without facts are kept', async () => {
    const jobs = await server.open();
    expect(await jobs.ledger.take(event({ type: 'call.created' }), [])).toBe('taken');
    expect(await all(jobs)).toEqual([]);
    expect(await rowsOf(jobs.databaseUrl, 'events')).toBe(1);
  });

  test('a fact that names no recording leaves nothing behind', async () => {
    const jobs = await server.open();
    const unnamed = started({ callCid: CALL });
    await expect(jobs.ledger.take(event(), [ready(), unnamed])).rejects.toMatchObject({
      code: 'ERR_UNNAMED_FACT',
    });
    for (const table of ['events', 'recordings', 'facts'])
      expect(await rowsOf(jobs.databaseUrl, table)).toBe(0);
    expect(await liveJobs(jobs.databaseUrl)).toEqual([]);
  });
});

describe('foreign values are kept whatever they are', () => {
  test.each([
    ['U+0000', 'a\0b', 'a\ufffdb'],
    ['half of a character', 'a\ud800b', 'a\ufffdb'],
    ['a hundred thousand characters', 'x'.repeat(100_000), 'x'.repeat(100_000)],
    ['SQL', `'; drop table rawreel.recordings; --`, `'; drop table rawreel.recordings; --`],
  ])('%s in every name, and in the body', async (_, text, kept) => {
    const jobs = await server.open();
    const names = { callCid: text, egressId: text, sessionId: text, filename: text };
    const odd = event({ identity: text, type: text, body: { [text]: text }, apiKey: text });
    expect(
      await jobs.ledger.take(odd, [started(names), ready(names, { url: `https://example/${text}` })]),
    ).toBe('taken');
    expect(await jobs.ledger.take(odd, [])).toBe('repeated');
    expect(await only(jobs)).toMatchObject({
      state: 'queued',
      callCid: kept,
      egressId: kept,
      filename: kept,
    });
  });
});

describe('names are joined', () => {
  const heard: readonly Fact[] = [
    started(),
    stopped(),
    ready(FILE),
    ready(WHOLE, { url: 'https://recordings.example/2' }, 9500),
  ];
  /** The facts of each order, as of a call of its own. */
  const callsOf = (facts: readonly Fact[]) =>
    ordersOf(facts).map((order, index) =>
      order.map((one) => ({ ...one, callCid: `default:order-${index}` })),
    );

  test('by a ready event with both: egress and file were two rows, in whatever order they were heard of', async () => {
    const jobs = await server.open();
    const orders = callsOf(heard);
    await Promise.all(
      orders.map(async (facts) => {
        for (const one of facts) await jobs.ledger.take(event(), [one]);
      }),
    );
    const recordings = await all(jobs);
    expect(recordings).toHaveLength(orders.length);
    for (const { id, ...recording } of recordings) {
      const names = { ...WHOLE, callCid: recording.callCid };
      expect(recording).toMatchObject({ ...names, isInferred: false, state: 'queued', sinceMs: 9000 });
      const known = await jobs.ledger.recording(id);
      expect(known?.facts).toHaveLength(heard.length);
      expect(known?.link?.url).toBe('https://recordings.example/2');
    }
    const waiting = await liveJobs(jobs.databaseUrl);
    expect(waiting.map(({ recording }) => recording).sort()).toEqual(recordings.map(({ id }) => id).sort());
  });

  test('under the id that either row had', async () => {
    const jobs = await server.open();
    await jobs.ledger.take(event(), [started({ ...EGRESS }, 20_000)]);
    const [egressRow] = await all(jobs);
    await jobs.ledger.add(API_KEY, [ready(FILE)]);
    const fileRow = (await all(jobs)).find(({ filename }) => filename !== undefined);
    expect(await all(jobs)).toHaveLength(2);

    await jobs.ledger.take(event(), [ready(WHOLE, { url: 'https://recordings.example/2' })]);
    const { id } = await only(jobs);
    expect(id).toBe(fileRow?.id);
    for (const old of [egressRow, fileRow])
      expect(await jobs.ledger.recording(old?.id ?? '')).toMatchObject({ id, ...WHOLE });
  });

  test('by time, where the ready event was lost; said to be inferred; in whatever order', async () => {
    const jobs = await server.open();
    const orders = callsOf([started(), stopped(), ready(FILE)]);
    for (const facts of orders) for (const one of facts) await jobs.ledger.add(API_KEY, [one]);
    const recordings = await all(jobs);
    expect(recordings).toHaveLength(orders.length);
    for (const recording of recordings)
      expect(recording).toMatchObject({
        ...WHOLE,
        callCid: recording.callCid,
        isInferred: true,
        state: 'queued',
      });
  });

  test('what was inferred is taken back when an event says otherwise', async () => {
    const jobs = await server.open();
    const [one, two] = [namesOf(1), { ...namesOf(2), callCid: namesOf(1).callCid }];
    const egressOf = ({ callCid, egressId }: typeof one) => ({ callCid, egressId });
    const fileOf = ({ callCid, sessionId, filename }: typeof one) => ({ callCid, sessionId, filename });
    await jobs.ledger.add(API_KEY, [
      started(egressOf(two), 1000),
      ready(fileOf(one), { startMs: 1500, endMs: 2000 }),
    ]);
    expect(await only(jobs)).toMatchObject({
      egressId: two.egressId,
      filename: one.filename,
      isInferred: true,
    });

    await jobs.ledger.take(event(), [
      ready(two, { startMs: 3000, endMs: 4000, url: 'https://recordings.example/2' }),
    ]);
    expect(
      (await all(jobs)).map(({ egressId, filename, isInferred, state }) => ({
        egressId,
        filename,
        isInferred,
        state,
      })),
    ).toEqual(
      expect.arrayContaining([
        { egressId: undefined, filename: one.filename, isInferred: false, state: 'queued' },
        { egressId: two.egressId, filename: two.filename, isInferred: false, state: 'queued' },
      ]),
    );
    expect(await liveJobs(jobs.databaseUrl)).toHaveLength(2);
  });

  test('a call that is recorded again and again: each start to its own file', async () => {
    const jobs = await server.open();
    const facts = [0, 1, 2, 3].flatMap((index) => {
      const { callCid, ...names } = { ...namesOf(index), callCid: CALL };
      const at = index * 10_000;
      return [
        started({ callCid, egressId: names.egressId }, at),
        ready(
          { callCid, sessionId: names.sessionId, filename: names.filename },
          { startMs: at + 100, endMs: at + 5000 },
        ),
      ];
    });
    for (const one of facts.toReversed()) await jobs.ledger.add(API_KEY, [one]);
    const pairs = (await all(jobs)).map(({ egressId, filename }) => [egressId, filename]).sort();
    expect(pairs).toEqual([0, 1, 2, 3].map((index) => [`egress-${index}`, `rec_${index}.zip`]));
  });

  test('one egress with two files: two recordings', async () => {
    const jobs = await server.open();
    await jobs.ledger.take(event(), [ready(WHOLE)]);
    await jobs.ledger.take(event(), [ready({ ...WHOLE, filename: 'rec_1_part_2.zip' })]);
    expect((await all(jobs)).map(({ filename, state }) => [filename, state])).toEqual([
      ['rec_1_part_2.zip', 'queued'],
      ['rec_1.zip', 'queued'],
    ]);
  });

  test('all facts of a recording by as many connections at once', async () => {
    const jobs = await server.open();
    const other = await server.open({ databaseUrl: jobs.databaseUrl });
    await Promise.all(
      [...heard, ...heard, ...heard].map((one, index) =>
        (index % 2 === 0 ? jobs : other).ledger.take(event(), [one]),
      ),
    );
    expect(await only(jobs)).toMatchObject({ ...WHOLE, isInferred: false, state: 'queued' });
    expect(await liveJobs(jobs.databaseUrl)).toHaveLength(1);
  });
});

describe('people ask', () => {
  test('a queued recording is cancelled and its job is gone; retried, it is queued again', async () => {
    const jobs = await server.open();
    await jobs.ledger.take(event(), [ready()]);
    const { id } = await only(jobs);
    await jobs.ledger.cancel(id, PERSON);
    expect((await only(jobs)).state).toBe('cancelled');
    expect(await liveJobs(jobs.databaseUrl)).toEqual([]);
    await jobs.ledger.retry(id, PERSON);
    expect((await only(jobs)).state).toBe('queued');
    expect(await liveJobs(jobs.databaseUrl)).toHaveLength(1);
    expect((await jobs.ledger.recording(id))?.facts.at(-1)).toMatchObject({
      kind: 'retry-requested',
      request: 2,
      source: PERSON,
    });
  });

  test('what does not fit the state is refused', async () => {
    const jobs = await server.open();
    await jobs.ledger.take(event(), [ready()]);
    const { id } = await only(jobs);
    await expect(jobs.ledger.retry(id, PERSON)).rejects.toMatchObject({
      code: 'ERR_WRONG_STATE',
      message: `Recording ${id} is queued`,
    });
    await jobs.ledger.cancel(id, PERSON);
    await expect(jobs.ledger.cancel(id, PERSON)).rejects.toMatchObject({ code: 'ERR_WRONG_STATE' });
  });

  test('a recording that failed at Stream has nothing to process', async () => {
    const jobs = await server.open();
    await jobs.ledger.take(event(), [fact(EGRESS, 5000, { kind: 'recording-failed' })]);
    await expect(jobs.ledger.retry((await only(jobs)).id, PERSON)).rejects.toMatchObject({
      code: 'ERR_WRONG_STATE',
      hint: 'There is no file to process.',
    });
  });

  test.each(['not an id', randomUUID()])('there is no recording %s', async (id) => {
    const { ledger } = await server.open();
    expect(await ledger.recording(id)).toBeUndefined();
    await expect(ledger.retry(id, PERSON)).rejects.toMatchObject({ code: 'ERR_NO_RECORDING' });
    await expect(ledger.cancel(id, PERSON)).rejects.toMatchObject({ code: 'ERR_NO_RECORDING' });
  });
});

describe('lists', () => {
  test('read no more than they show, where nearly all recordings are done', async () => {
    const { databaseUrl } = await server.open();
    await server.query(
      databaseUrl,
      `insert into rawreel.recordings (id, api_key, call_cid, call_key, egress_key, state)
       select gen_random_uuid(), 'key', 'call', 'call-' || index, 'egress-' || index, 'done'
       from generate_series(1, 20000) as index`,
    );
    await server.query(databaseUrl, 'analyze rawreel.recordings');
    const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool }),
      log: ({ query }) => void asked.push(query),
    }).withSchema(SCHEMA);
    expect((await listRecordings(db, { limit: 50 })).recordings).toHaveLength(50);
    const [{ sql, parameters } = { sql: '', parameters: [] }] = asked;
    const { rows } = await pool.query<Record<string, string>>(`explain (analyze) ${sql}`, [...parameters]);
    await db.destroy();
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('recordings_newest_of_state');
    expect(plan).not.toContain('Rows Removed by Filter');
  });

  test('three thousand recordings, page by page, each once, newest first, by state and by call', async () => {
    const jobs = await server.open();
    const total = 3000;
    // As the ledger writes them, in one statement.
    await server.query(
      jobs.databaseUrl,
      `insert into rawreel.recordings (id, api_key, call_cid, call_key, egress_key, state)
       select gen_random_uuid(), 'key', call, encode(sha256(convert_to('["' || call || '"]', 'UTF8')), 'hex'), call,
         case when index % 3 = 0 then 'done' else 'recording' end
       from (select index, 'default:call-' || index as call from generate_series(0, $1 - 1) as index) as calls
       order by index`,
      [total],
    );
    const pages = async (filter: object): Promise<readonly RecordingSummary[]> => {
      const found: RecordingSummary[] = [];
      let before: string | undefined;
      do {
        const page = await jobs.ledger.list({ ...filter, before, limit: 400 });
        expect(page.recordings.length).toBeLessThanOrEqual(400);
        found.push(...page.recordings);
        before = page.next;
      } while (before !== undefined);
      return found;
    };
    const callsOf = (found: readonly RecordingSummary[]) => found.map(({ callCid }) => callCid);
    const newestFirst = Array.from({ length: total }, (_, index) => total - 1 - index);
    expect(callsOf(await pages({}))).toEqual(newestFirst.map((index) => `default:call-${index}`));
    expect(callsOf(await pages({ states: ['queued', 'done'] }))).toEqual(
      newestFirst.filter((index) => index % 3 === 0).map((index) => `default:call-${index}`),
    );
    expect(callsOf(await pages({ callCid: 'default:call-1234' }))).toEqual(['default:call-1234']);
    expect(await pages({ states: ['failed'] })).toEqual([]);
    expect(await pages({ sinceMs: Date.now() + 60_000 })).toEqual([]);
    expect(await jobs.ledger.counts()).toEqual(
      new Map([
        ['done', total / 3],
        ['recording', (total / 3) * 2],
      ]),
    );
  });

  test('what expires before a time, the most urgent first, and not what has come to an end', async () => {
    const jobs = await server.open();
    await jobs.ledger.add(API_KEY, [
      ready(namesOf(1), { expiresAtMs: 30_000 }),
      ready(namesOf(2), { expiresAtMs: 20_000 }),
      ready(namesOf(3), { expiresAtMs: 90_000 }),
      ready(namesOf(4)),
      ready(namesOf(5), { expiresAtMs: 10_000 }),
      fact(namesOf(5), 9_000, { kind: 'expired' }),
      ready(namesOf(6), { expiresAtMs: 25_000 }),
    ]);
    const cancelled = (await all(jobs)).find(({ callCid }) => callCid === 'default:call-6');
    await jobs.ledger.cancel(cancelled?.id ?? '', PERSON);
    const urgent = await jobs.ledger.expiringBefore(40_000, 10);
    expect(urgent.map(({ callCid, expiresAtMs }) => [callCid, expiresAtMs])).toEqual([
      ['default:call-2', 20_000],
      ['default:call-1', 30_000],
    ]);
  });
});

describe('cursors', () => {
  test('each app has one for each kind of look; it moves forward only, and is there after a restart', async () => {
    const databaseUrl = await server.newDatabase();
    const { ledger } = await server.open({ databaseUrl });
    expect(await ledger.cursor(API_KEY, 'all')).toBeUndefined();
    await Promise.all([7_000, 9_000, 8_000].map((ms) => ledger.moveCursor(API_KEY, 'all', ms)));
    await ledger.moveCursor('another app', 'all', 1_000);
    const after = await server.open({ databaseUrl });
    expect(await after.ledger.cursor(API_KEY, 'all')).toBe(9_000);
    expect(await after.ledger.cursor(API_KEY, 'active')).toBeUndefined();
    expect(await after.ledger.cursor('another app', 'all')).toBe(1_000);
  });
});
