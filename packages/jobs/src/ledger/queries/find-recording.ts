import type { Db } from '../../database/connect.ts';
import { isUuid } from '../keys.ts';
import type { RecordingWithHistory } from '../view.ts';
import { factsOfOne } from './facts-of.ts';
import { selectSummaries, summaryOf } from './summaries.ts';

/** @param id of the recording, or of a row that turned out to be the same one */
export async function findRecording(db: Db, id: string): Promise<RecordingWithHistory | undefined> {
  if (!isUuid(id)) return undefined;
  const named = await db
    .selectFrom('recordings')
    .select(['id', 'same_as'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!named) return undefined;
  const recordingId = named.same_as ?? named.id;
  const row = await selectSummaries(db).where('recordings.id', '=', recordingId).executeTakeFirst();
  // Joined with another one between the two looks.
  if (!row) return await findRecording(db, id);
  const facts = await factsOfOne(db, recordingId);
  const lease = await db
    .selectFrom('leases')
    .selectAll()
    .where('recording_id', '=', recordingId)
    .executeTakeFirst();
  const holds = await db
    .selectFrom('holds')
    .selectAll()
    .where('recording_id', '=', recordingId)
    .orderBy('at')
    .execute();
  return {
    ...summaryOf(row),
    link: row.derived?.link,
    facts,
    lease: lease && { worker: lease.worker, attempt: lease.attempt, untilMs: lease.held_until.getTime() },
    holds: holds.map(({ worker, why, at }) => ({ worker, why, atMs: at.getTime() })),
  };
}
