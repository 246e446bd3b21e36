import { randomUUID } from 'node:crypto';
import { type ControlledTransaction, sql } from 'kysely';
import { JobsError } from '../errors.ts';
import { QUEUE_SCHEMA } from '../queue/queue.ts';
import { checkServer } from './check-server.ts';
import { connect, SCHEMA } from './connect.ts';
import { MIGRATIONS, newerVersion } from './migrate.ts';
import type { Tables } from './tables.ts';

/** What a database is like before it is opened. */
export interface DatabaseExamination {
  /** Major version of PostgreSQL; undefined where the server of a data folder does not run. */
  readonly version: number | undefined;
  /** Migrations that opening it will run, by name. */
  readonly pending: readonly string[];
  /** The server's time less this machine's, in milliseconds. */
  readonly clockOffsetMs: number | undefined;
}

/**
 * Makes tables, writes to them, and takes it all back.
 *
 * @throws {JobsError} `ERR_DATABASE`, `ERR_MIGRATION`
 */
export async function examineDatabase(databaseUrl: string): Promise<DatabaseExamination> {
  const connection = connect(databaseUrl, { connections: 1, onError: () => undefined });
  try {
    const version = await checkServer(connection, databaseUrl);
    const probing = await connection.db.startTransaction().execute();
    try {
      return { version, ...(await examine(probing)) };
    } catch (error) {
      throw error instanceof JobsError ? error : refused(error);
    } finally {
      await probing.rollback().execute();
    }
  } finally {
    await connection.close();
  }
}

async function examine(probing: ControlledTransaction<Tables>) {
  const { clockOffsetMs, done, schemas } = await stateOf(probing);
  if (done.some((name) => !Object.hasOwn(MIGRATIONS, name))) throw newerVersion();
  for (const schema of [SCHEMA, QUEUE_SCHEMA]) await probe(probing, schema, schemas.includes(schema));
  const pending = Object.keys(MIGRATIONS).filter((name) => !done.includes(name));
  return { clockOffsetMs, pending };
}

async function stateOf(probing: ControlledTransaction<Tables>) {
  const { rows } = await sql<{ nowMs: string; schemas: string[]; hasMigrations: boolean }>`
    select extract(epoch from clock_timestamp()) * 1000 as "nowMs",
      array(select nspname::text from pg_namespace) as schemas,
      to_regclass(${`${SCHEMA}.kysely_migration`}) is not null as "hasMigrations"`.execute(probing);
  const [{ nowMs = '0', schemas = [], hasMigrations = false } = {}] = rows;
  const clockOffsetMs = Math.round(Number(nowMs) - Date.now());
  if (!hasMigrations) return { clockOffsetMs, schemas, done: [] };
  const { rows: migrations } = await sql<{ name: string }>`
    select name from ${sql.table(`${SCHEMA}.kysely_migration`)}`.execute(probing);
  return { clockOffsetMs, schemas, done: migrations.map(({ name }) => name) };
}

/** What each refusal of PostgreSQL's asks for, by its SQLSTATE (PostgreSQL, appendix A). */
const WHAT_TO_DO: Readonly<Record<string, string>> = {
  '42501':
    'Its user needs the schemas rawreel and rawreel_queue, or the right to make them: grant create on database <name> to <user>.',
  '25006': 'It takes no writes: give the address of the primary server.',
  '53100': 'Its disk is full.',
};

async function probe(probing: ControlledTransaction<Tables>, schema: string, exists: boolean): Promise<void> {
  const place = sql.table(`${schema}.probe_${randomUUID().replaceAll('-', '')}`);
  if (!exists) await sql`create schema ${sql.ref(schema)}`.execute(probing);
  await sql`create table ${place} (number integer)`.execute(probing);
  await sql`insert into ${place} values (1)`.execute(probing);
}

function refused(cause: unknown): JobsError {
  const { code = '', message } = cause as Error & { code?: string };
  return new JobsError('ERR_DATABASE', `The database refuses what the ledger needs: ${message}`, {
    hint: WHAT_TO_DO[code],
    cause,
  });
}
