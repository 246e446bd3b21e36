import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Jobs, openJobs } from '@rawreel/jobs';
import pg from 'pg';
import { quick } from './inputs.ts';
import { take, workOff } from './jobs.ts';

const SIZE = quick ? 100_000 : 1_000_000;
const AT_A_TIME = 100_000;
/** Of each question. */
const TIMES = 100;
const WAITING = 300;
const DAY_MS = 24 * 3600_000;

/** How long the ledger takes for an event, a claim and a list when it has a million recordings. */
export async function largeLedger(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-bench-'));
  chmodSync(folder, 0o755);
  const jobs = await openJobs({ dataFolder: folder });
  const database = new pg.Client({ connectionString: jobs.databaseUrl });
  await database.connect();
  try {
    const empty = await measured(jobs, 0);
    const begun = performance.now();
    await fill(jobs, database);
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stderr.write(`made a ledger of ${SIZE} recordings in ${seconds} s\n`);
    const large = await measured(jobs, 1_000_000);
    const { rows } = await database.query<{ size: string }>(
      'select pg_size_pretty(pg_database_size(current_database())) as size',
    );
    return [
      `| of ${TIMES} each, median (99 %) | ${WAITING} recordings | ${SIZE} recordings, ${rows[0]?.size} |`,
      '| --- | --- | --- |',
      ...[...large].map(([name, figure]) => `| ${name} | ${empty.get(name)} | ${figure} |`),
    ];
  } finally {
    await database.end();
    await jobs.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(jobs: Jobs, first: number): Promise<Map<string, string>> {
  const { ledger } = jobs;
  const figures = new Map<string, string>();
  const time = async (name: string, work: (index: number) => Promise<unknown>): Promise<void> => {
    const took: number[] = [];
    for (let index = 0; index < TIMES; index++) {
      const begun = performance.now();
      await work(index);
      took.push(performance.now() - begun);
    }
    const sorted = took.toSorted((one, other) => one - other);
    const at = (share: number) => (sorted[Math.floor((TIMES - 1) * share)] ?? Number.NaN).toFixed(1);
    figures.set(name, `${at(0.5)} ms (${at(0.99)} ms)`);
  };
  await time('an event, one after the other', (index) => take(jobs, first + index));
  const rest = Array.from({ length: WAITING - TIMES }, (_, index) => take(jobs, first + TIMES + index));
  await Promise.all(rest);
  const rate = await workOff(jobs, WAITING, 1);
  figures.set('claimed, stored and completed, one after the other', `${(1000 / rate).toFixed(1)} ms`);
  await time('the newest 50', () => ledger.list({ limit: 50 }));
  await time('the newest 50 that failed', () => ledger.list({ states: ['failed'], limit: 50 }));
  const { next } = await ledger.list({ limit: 250 });
  await time('a page of 50 further down', () => ledger.list({ before: next, limit: 50 }));
  await time('of one call', () => ledger.list({ callCid: `default:call-${first}`, limit: 50 }));
  const [{ id } = { id: '' }] = (await ledger.list({ limit: 1 })).recordings;
  await time('one with its history', () => ledger.recording(id));
  await time('what expires within two days', () => ledger.expiringBefore(Date.now() + 2 * DAY_MS, 100));
  await time('how many are in each state', () => ledger.counts());
  return figures;
}

/** Copies of recordings that came to an end here, under names of their own: every column is as the ledger wrote it. */
async function fill(jobs: Jobs, database: pg.Client): Promise<void> {
  const { recordings } = await jobs.ledger.list({ states: ['done'], limit: 1 });
  const model = recordings[0]?.id ?? '';
  // References are not checked one by one.
  await database.query('set session_replication_role = replica');
  for (let from = 1; from <= SIZE; from += AT_A_TIME) {
    await database.query('begin');
    await database.query(
      `create temporary table made on commit drop as
       select gen_random_uuid() as id, number, 'default:filled-' || number as call_cid, 'filled-' || number as name
       from generate_series(${from}::int, ${from + AT_A_TIME - 1}::int) as number`,
    );
    await database.query(
      `insert into rawreel.recordings (id, api_key, call_cid, call_key, egress_id, egress_key, session_id, filename, file_key,
         state, since, attempt, begins_at, ends_at, expires_at, size_bytes, derived)
       select made.id, api_key, made.call_cid, ${digest(`'["' || made.call_cid || '"]'`)},
         made.name, ${digest(`'["egress","' || api_key || '","' || made.call_cid || '","' || made.name || '"]'`)},
         made.name, made.name, ${digest(`'["file","' || api_key || '","' || made.call_cid || '","' || made.name || '","' || made.name || '"]'`)},
         state, since, attempt, begins_at, ends_at, expires_at, size_bytes, derived
       from made, rawreel.recordings as model where model.id = '${model}'`,
    );
    await database.query(
      `insert into rawreel.facts (recording_id, identity_key, kind, at, body)
       select made.id, identity_key, kind, at, body || jsonb_build_object('callCid', made.call_cid, 'egressId', made.name,
         'sessionId', made.name, 'filename', made.name)
       from made, rawreel.facts as model where model.recording_id = '${model}'`,
    );
    await database.query(
      `insert into rawreel.events (api_key, identity_key, type, received_at, source_by, body)
       select 'key', ${digest(`'["key","ready ' || made.name || '"]'`)}, 'call.recording_ready', now(), 'webhook',
         json_build_object('filler', repeat('x', 600)) from made`,
    );
    await database.query('commit');
  }
  await database.query('vacuum analyze rawreel.recordings');
  await database.query('vacuum analyze rawreel.facts');
}

/** As the ledger makes keys: SHA-256 of JSON. */
const digest = (json: string): string => `encode(sha256(convert_to(${json}, 'UTF8')), 'hex')`;
