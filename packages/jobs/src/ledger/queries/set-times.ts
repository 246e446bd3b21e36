import { sql } from 'kysely';
import type { Tx } from '../../database/connect.ts';

/**
 * When the recordings of rows began and ended, by each row's own facts: what `pairByTime` goes by. An egress that failed leaves no
 * file, so it gets no times.
 */
export async function setTimes(trx: Tx, recordingIds: readonly string[]): Promise<void> {
  if (recordingIds.length === 0) return;
  const time = (name: 'startMs' | 'endMs') =>
    sql<Date>`to_timestamp((array_agg(body->>${sql.lit(name)} order by at, id) filter (where kind = 'ready'))[1]::float8 / 1000)`;
  const heard = (kind: 'started' | 'stopped') =>
    sql<Date>`case when not bool_or(kind = 'recording-failed') then min(at) filter (where kind = ${sql.lit(kind)}) end`;
  await trx
    .updateTable('recordings')
    .from(
      trx
        .selectFrom('facts')
        .where('recording_id', '=', sql<string>`any(${recordingIds}::uuid[])`)
        .groupBy('recording_id')
        .select([
          'recording_id',
          sql<Date>`coalesce(${time('startMs')}, ${heard('started')})`.as('begins_at'),
          sql<Date>`coalesce(${time('endMs')}, ${heard('stopped')})`.as('ends_at'),
        ])
        .as('times'),
    )
    .set((set) => ({ begins_at: set.ref('times.begins_at'), ends_at: set.ref('times.ends_at') }))
    .whereRef('recordings.id', '=', 'times.recording_id')
    // What the join says already, for a planner that does not know how few they are.
    .where('recordings.id', '=', sql<string>`any(${recordingIds}::uuid[])`)
    .execute();
}
