import { type Selectable, sql } from 'kysely';
import type { Tx } from '../../database/connect.ts';
import type { RecordingsTable } from '../../database/tables.ts';
import type { Queue } from '../../queue/queue.ts';
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
  const projected = standing.map((row) => ({
    ...row,
    before: row.derived,
    derived: recordingState(facts.get(row.id) ?? []),
  }));
  await letQueueFollow(trx, queue, projected);
  await write(trx, projected);
  await tellEnds(trx, projected);
}

interface Projected {
  readonly id: string;
  readonly call_key: string;
  /** As it was, where it was projected before. */
  readonly before: DerivedRecording | null;
  readonly derived: DerivedRecording;
  job_id: string | null;
  dead_letter_id: string | null;
}

async function letQueueFollow(trx: Tx, queue: Queue, projected: readonly Projected[]): Promise<void> {
  const jobless = projected.filter(({ derived, job_id }) => derived.state === 'queued' && job_id === null);
  if (jobless.length > 0) {
    const wanted = jobless.map(({ id, call_key }) => ({ recordingId: id, group: call_key }));
    const sent = await queue.send(trx, wanted);
    for (const row of jobless) row.job_id = sent.get(row.id) ?? null;
  }
  for (const row of projected) {
    const { state } = row.derived;
    if (row.job_id !== null && state !== 'queued' && !RUNNING_STATES.has(state)) {
      await queue.cancel(trx, row.job_id);
      await trx.deleteFrom('leases').where('recording_id', '=', row.id).execute();
      row.job_id = null;
    }
    if (row.dead_letter_id !== null && state !== 'failed' && state !== 'expired') {
      await queue.removeDeadLetter(trx, row.dead_letter_id);
      row.dead_letter_id = null;
    }
  }
  const taken = projected.filter(
    ({ derived: { state } }) => RUNNING_STATES.has(state) || END_STATES.has(state),
  );
  if (taken.length > 0)
    await trx
      .deleteFrom('holds')
      .where('recording_id', '=', sql<string>`any(${taken.map(({ id }) => id)}::uuid[])`)
      .execute();
}

/** In one statement, however many there are: a way to the database for each is what a burst of events takes its time by. */
async function write(trx: Tx, projected: readonly Projected[]): Promise<void> {
  const rows = projected.map(({ id, derived, job_id, dead_letter_id }) => ({
    id,
    state: derived.state,
    since: new Date(derived.sinceMs),
    attempt: derived.attempt,
    expires_at: derived.link?.expiresAtMs === undefined ? null : new Date(derived.link.expiresAtMs),
    size_bytes: derived.link?.sizeBytes ?? null,
    derived,
    job_id,
    dead_letter_id,
  }));
  const next = sql<Next>`jsonb_to_recordset(${storableJson(rows)}::jsonb)`.as<'next'>(
    sql`next(id uuid, state text, since timestamptz, attempt int, expires_at timestamptz, size_bytes bigint, derived jsonb, job_id uuid, dead_letter_id uuid)`,
  );
  await trx
    .updateTable('recordings')
    .from(next)
    .set((set) => ({
      state: set.ref('next.state'),
      since: set.ref('next.since'),
      attempt: set.ref('next.attempt'),
      expires_at: set.ref('next.expires_at'),
      size_bytes: set.ref('next.size_bytes'),
      derived: set.ref('next.derived'),
      job_id: set.ref('next.job_id'),
      dead_letter_id: set.ref('next.dead_letter_id'),
    }))
    .whereRef('recordings.id', '=', 'next.id')
    // What the join says already, for a planner that does not know how few they are.
    .where('recordings.id', '=', sql<string>`any(${projected.map(({ id }) => id)}::uuid[])`)
    .execute();
}

async function tellEnds(trx: Tx, projected: readonly Projected[]): Promise<void> {
  for (const { id, before, derived } of projected) {
    const end = newEnd(before, derived);
    if (end !== undefined) await notifyEnd(trx, id, end, derived.sinceMs);
  }
}

type Next = Pick<
  Selectable<RecordingsTable>,
  'id' | 'state' | 'since' | 'attempt' | 'expires_at' | 'size_bytes' | 'job_id' | 'dead_letter_id'
> & { readonly derived: string };
