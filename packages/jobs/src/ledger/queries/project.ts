import { sql } from 'kysely';
import type { Tx } from '../../database/connect.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Fact } from '../fact.ts';
import { storableJson } from '../keys.ts';
import { newEnd } from '../notification.ts';
import { type DerivedRecording, END_STATES, RUNNING_STATES, recordingState } from '../recording-state.ts';
import { factsOf } from './facts-of.ts';
import { notifyEnd } from './notify-end.ts';

/**
 * Derives the states of recordings from their facts and writes them beside these, for lists and counts: nothing else writes these
 * columns. The queue follows: a queued recording has a job, one that has come to an end has none. So do the notifications: an end that it was not at before is told.
 *
 * The caller has the locks of their calls.
 *
 * @param rows of the recordings, or of what turned out to be the same as another one, which is then projected
 */
export async function project(trx: Tx, queue: Queue, rows: Iterable<string>): Promise<void> {
  const ids = [...rows];
  if (ids.length === 0) return;
  const select = (wanted: readonly string[]) =>
    trx
      .selectFrom('recordings')
      .select(['id', 'same_as', 'job_id', 'dead_letter_id', 'call_key', 'derived'])
      .where('id', '=', sql<string>`any(${wanted}::uuid[])`)
      .execute();
  const known = await select(ids);
  const others = known.flatMap(({ same_as }) => same_as ?? []).filter((id) => !ids.includes(id));
  const found = others.length === 0 ? known : [...known, ...(await select(others))];
  const standing = found.filter(({ same_as }) => same_as === null);
  const facts = await factsOf(
    trx,
    standing.map(({ id }) => id),
  );
  for (const row of standing) await projectOne(trx, queue, row, facts.get(row.id) ?? []);
}

interface Row {
  readonly id: string;
  readonly job_id: string | null;
  readonly dead_letter_id: string | null;
  readonly call_key: string;
  readonly derived: DerivedRecording | null;
}

async function projectOne(trx: Tx, queue: Queue, row: Row, facts: readonly Fact[]): Promise<void> {
  const derived = recordingState(facts);
  const { state, link } = derived;
  const isRunning = RUNNING_STATES.has(state);

  let { job_id, dead_letter_id } = row;
  if (state === 'queued') job_id ??= await queue.send(trx, row.id, row.call_key);
  else if (job_id !== null && !isRunning) {
    await queue.cancel(trx, job_id);
    await trx.deleteFrom('leases').where('recording_id', '=', row.id).execute();
    job_id = null;
  }
  if (dead_letter_id !== null && state !== 'failed' && state !== 'expired') {
    await queue.removeDeadLetter(trx, dead_letter_id);
    dead_letter_id = null;
  }
  if (isRunning || END_STATES.has(state))
    await trx.deleteFrom('holds').where('recording_id', '=', row.id).execute();

  await trx
    .updateTable('recordings')
    .set({
      state,
      since: new Date(derived.sinceMs),
      attempt: derived.attempt,
      expires_at: link?.expiresAtMs === undefined ? null : new Date(link.expiresAtMs),
      size_bytes: link?.sizeBytes ?? null,
      derived: storableJson(derived),
      job_id,
      dead_letter_id,
    })
    .where('id', '=', row.id)
    .execute();

  const end = newEnd(row.derived, derived);
  if (end !== undefined) await notifyEnd(trx, row.id, end, derived.sinceMs);
}
