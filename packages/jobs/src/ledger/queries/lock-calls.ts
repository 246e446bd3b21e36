import { sql } from 'kysely';
import type { Tx } from '../../database/connect.ts';

/**
 * Makes transactions that touch one call wait for each other, until they end: facts of one recording come from several machines at
 * once. In order of the keys, so that no two wait for each other.
 */
export async function lockCalls(trx: Tx, lockKeys: Iterable<string>): Promise<void> {
  const sorted = [...new Set(lockKeys)].sort();
  await sql`select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${sorted}::text[]) as key`.execute(
    trx,
  );
}

/** @returns false where another transaction has the call */
export async function tryLockCall(trx: Tx, lockKey: string): Promise<boolean> {
  const { rows } = await sql<{
    got: boolean;
  }>`select pg_try_advisory_xact_lock(hashtextextended(${lockKey}, 0)) as got`.execute(trx);
  return rows[0]?.got ?? false;
}
