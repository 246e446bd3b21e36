import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import type { Fact } from '../fact.ts';

/**
 * All that is known of recordings, that of the rows that turned out to be the same ones included, as it was heard of.
 *
 * Rows first and then their facts, each by its index, whatever the planner believes of how many there are: right after a table has
 * grown a lot it would read all facts for a join.
 */
export async function factsOf(
  db: Db,
  recordingIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Fact[]>> {
  const twins = await db
    .selectFrom('recordings')
    .select(['id', 'same_as'])
    .where('same_as', '=', sql<string>`any(${recordingIds}::uuid[])`)
    .execute();
  const standingFor = new Map(twins.map(({ id, same_as }) => [id, same_as ?? id]));
  const rows = await db
    .selectFrom('facts')
    .select(['recording_id', 'body'])
    .where('recording_id', '=', sql<string>`any(${[...recordingIds, ...standingFor.keys()]}::uuid[])`)
    .orderBy('id')
    .execute();
  const facts = new Map<string, Fact[]>(recordingIds.map((id) => [id, []]));
  for (const { recording_id, body } of rows)
    facts.get(standingFor.get(recording_id) ?? recording_id)?.push(body);
  return facts;
}

export async function factsOfOne(db: Db, recordingId: string): Promise<readonly Fact[]> {
  return (await factsOf(db, [recordingId])).get(recordingId) ?? [];
}
