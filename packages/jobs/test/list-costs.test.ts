import { type CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tables } from '../src/database/tables.ts';
import type { ListFilter } from '../src/index.ts';
import { backlog } from '../src/ledger/queries/backlog.ts';
import { listRecordings } from '../src/ledger/queries/list-recordings.ts';
import { databaseServer } from './builders/server.ts';

const server = databaseServer();
const TOTAL = 50_000;
const DAY_MS = 86_400_000;
const NOW = Date.now();

let pool: pg.Pool;
let db: Kysely<Tables>;
const asked: CompiledQuery[] = [];
beforeAll(async () => {
  const databaseUrl = await server.newDatabase();
  pool = new pg.Pool({ connectionString: databaseUrl });
  const log = ({ query }: { readonly query: CompiledQuery }): void => {
    asked.push(query);
  };
  db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log }).withSchema('rawreel');
  // One a minute until now, of which one in a thousand has failed and the last ten are queued.
  await server.query(
    databaseUrl,
    `insert into rawreel.recordings (id, api_key, call_cid, call_key, egress_key, state, since, created_at)
     select gen_random_uuid(), 'key', 'default:a', 'a', index,
       case when index % 1000 = 0 then 'failed' when index >= $1 - 10 then 'queued' else 'done' end, time, time
     from (select index, to_timestamp($2 - ($1 - index) * 60.0) as time from generate_series(0, $1 - 1) as index) as rows`,
    [TOTAL, NOW / 1000],
  );
  await server.query(databaseUrl, 'vacuum analyze rawreel.recordings');
});
afterAll(() => pool.end());

interface Plan {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const rowsIn = (plan: Plan): number =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] +
  (plan.Plans ?? []).reduce((sum, each) => sum + rowsIn(each), 0);

/** Rows that all steps of all queries have looked at. */
async function rowsRead(asking: () => Promise<unknown>): Promise<number> {
  asked.length = 0;
  await asking();
  let rows = 0;
  for (const { sql, parameters } of asked) {
    const { rows: explained } = await pool.query(`explain (analyze, format json) ${sql}`, [...parameters]);
    for (const { Plan } of explained[0]['QUERY PLAN']) rows += rowsIn(Plan);
  }
  return rows;
}

test.each<[string, Partial<ListFilter>]>([
  ['of all states', {}],
  ['deep in the list', { before: String(TOTAL / 2) }],
  ['of a state that none is in', { states: ['expired', 'cancelled'] }],
  ['of a rare state and a usual one', { states: ['failed', 'done'] }],
  ['since an hour ago', { sinceMs: NOW - DAY_MS / 24 }],
  ['since an hour ago, of a state that none is in', { sinceMs: NOW - DAY_MS / 24, states: ['expired'] }],
  ['since tomorrow', { sinceMs: NOW + DAY_MS }],
])('a page %s costs what it shows', async (_, filter) => {
  expect(await rowsRead(() => listRecordings(db, { limit: 50, ...filter }))).toBeLessThan(3000);
});

test('what is not done is counted without what is', async () => {
  expect(await rowsRead(() => backlog(db, NOW))).toBeLessThan(1000);
});

test('since a time means that time', async () => {
  const filter = { sinceMs: NOW - 30 * 60_000, states: ['queued', 'done'], limit: 1000 } as const;
  const { recordings } = await listRecordings(db, filter);
  expect(recordings.map(({ state }) => state)).toEqual([
    ...Array.from({ length: 10 }, () => 'queued'),
    ...Array.from({ length: 20 }, () => 'done'),
  ]);
});
