import { sql } from 'kysely';
import type { Db, Tx } from '../database/connect.ts';

/** What a worker holds, as the database knows it. */
export interface HeldLease {
  readonly recordingId: string;
  readonly attempt: number;
  readonly worker: string;
}

const after = (ms: number) => sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`;

/** Of an attempt that somebody has before this one there is none any more. */
export async function takeLease(
  trx: Tx,
  held: HeldLease,
  job: { readonly id: string; readonly retryCount: number },
  leaseMs: number,
): Promise<void> {
  await trx
    .insertInto('leases')
    .values({
      recording_id: held.recordingId,
      attempt: held.attempt,
      worker: held.worker,
      job_id: job.id,
      job_claim: job.retryCount,
      held_until: after(leaseMs),
    })
    .execute();
}

/** @returns false where the lease is not held any more */
export async function renewLease(db: Db, held: HeldLease, leaseMs: number): Promise<boolean> {
  const renewed = await db
    .updateTable('leases')
    .set({ held_until: after(leaseMs) })
    .where('recording_id', '=', held.recordingId)
    .where('attempt', '=', held.attempt)
    .where('worker', '=', held.worker)
    .returning('attempt')
    .executeTakeFirst();
  return renewed !== undefined;
}

export async function holdsLease(trx: Tx, held: HeldLease): Promise<boolean> {
  const lease = await trx
    .selectFrom('leases')
    .select(['attempt', 'worker'])
    .where('recording_id', '=', held.recordingId)
    .executeTakeFirst();
  return lease?.attempt === held.attempt && lease.worker === held.worker;
}

/** @returns false where the lease is not held any more */
export async function endLease(trx: Tx, held: HeldLease): Promise<boolean> {
  const ended = await trx
    .deleteFrom('leases')
    .where('recording_id', '=', held.recordingId)
    .where('attempt', '=', held.attempt)
    .where('worker', '=', held.worker)
    .returning('attempt')
    .executeTakeFirst();
  return ended !== undefined;
}

/**
 * Leases that nobody has renewed. While the database was down nobody could: so none ends sooner than a lease's length after its
 * start.
 */
export async function endedLeases(db: Db, leaseMs: number) {
  return await db
    .selectFrom('leases')
    .selectAll()
    .where('held_until', '<', sql<Date>`clock_timestamp()`)
    .where(
      sql<boolean>`pg_postmaster_start_time() + ${leaseMs} * interval '1 millisecond' < clock_timestamp()`,
    )
    .orderBy('held_until')
    .limit(100)
    .execute();
}
