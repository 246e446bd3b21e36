import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { JobsError } from '../errors.ts';
import { type Db, SCHEMA } from './connect.ts';
import * as ledger from './migrations/0001-ledger.ts';
import * as cursors from './migrations/0002-cursors.ts';
import * as notifications from './migrations/0003-notifications.ts';
import * as byTime from './migrations/0004-by-time.ts';
import * as newestOfState from './migrations/0006-newest-of-state.ts';

/** In order; one that was released is never edited. A database in use has it already, so what changes is a migration of its own. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-ledger': ledger,
  '0002-cursors': cursors,
  '0003-notifications': notifications,
  '0004-by-time': byTime,
  '0006-newest-of-state': newestOfState,
};

/**
 * Lets one process at a time set up what all of them need: two that create a schema at once collide, `if not exists` or not, ours
 * and pg-boss's. It takes a connection while `work` uses others.
 */
export async function oneAtATime<T>(db: Db, work: () => Promise<T>): Promise<T> {
  return await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${SCHEMA}))`.execute(trx);
    return await work();
  });
}

/** Brings the tables to the form that this version works with. */
export async function migrate(db: Db): Promise<void> {
  await db.schema.createSchema(SCHEMA).ifNotExists().execute();
  const migrator = new Migrator({
    db,
    migrationTableSchema: SCHEMA,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new JobsError(
    'ERR_MIGRATION',
    `The ledger's tables could not be created${failed ? ` (${failed})` : ''}`,
    { hint: NEWER, cause: error },
  );
}

const NEWER = 'A database that a newer version has worked with needs that version, or a later one.';

export const newerVersion = (): JobsError =>
  new JobsError('ERR_MIGRATION', 'The ledger’s tables are of a newer version', { hint: NEWER });
