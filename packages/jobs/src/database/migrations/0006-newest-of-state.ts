import { type Kysely, sql } from 'kysely';

/**
 * Lists ask for the newest of each state. Where nearly all are done, the planner takes the index by ordinal alone for as good as this
 * one, and reads the whole table for each state that none is in; in this order only this one has them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('recordings_by_state').execute();
  await db.schema
    .createIndex('recordings_newest_of_state')
    .on('recordings')
    .columns(['state'])
    .expression(sql`(-ordinal)`)
    .where(sql.ref('same_as'), 'is', null)
    .execute();
}
