import type { Db } from '../../database/connect.ts';
import type { Fact } from '../fact.ts';

/** All that is known of recordings, that of the rows that turned out to be the same ones included, as it was heard of. */
export async function factsOf(
  db: Db,
  recordingIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Fact[]>> {
  const rows = await db
    .selectFrom('facts')
    .innerJoin('recordings', 'recordings.id', 'facts.recording_id')
    .select((select) => [
      'facts.body',
      select.fn.coalesce('recordings.same_as', 'recordings.id').as('recording_id'),
    ])
    .where((where) =>
      where.or([where('recordings.id', 'in', recordingIds), where('recordings.same_as', 'in', recordingIds)]),
    )
    .orderBy('facts.id')
    .execute();
  const facts = new Map<string, Fact[]>(recordingIds.map((id) => [id, []]));
  for (const { recording_id, body } of rows) facts.get(recording_id)?.push(body);
  return facts;
}

export async function factsOfOne(db: Db, recordingId: string): Promise<readonly Fact[]> {
  return (await factsOf(db, [recordingId])).get(recordingId) ?? [];
}
