import type { Kysely } from 'kysely';

/** Lists of what was heard of since a time begin where that was, and not at the first recording ever. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('recordings_by_time')
    .on('recordings')
    .columns(['created_at', 'ordinal'])
    .execute();
}
