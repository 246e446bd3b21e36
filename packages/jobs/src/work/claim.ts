import type { Db, Tx } from '../database/connect.ts';
import { findRecording } from '../ledger/queries/find-recording.ts';
import { tryLockCall } from '../ledger/queries/lock-calls.ts';
import type { KnownRow } from '../ledger/record.ts';
import { lockKeyOf, recordOf } from '../ledger/record.ts';
import type { RecordingWithHistory } from '../ledger/view.ts';
import type { ClaimedJob, Queue } from '../queue/queue.ts';
import { endLease, type HeldLease, takeLease } from './lease.ts';

/** One attempt at one recording, and what proves that it is this worker's. */
export interface Claim extends HeldLease {
  readonly row: KnownRow;
  readonly job: ClaimedJob;
  readonly recording: RecordingWithHistory;
}

/** `true`, or why this worker has no room for a recording now. */
export type Admission = true | { readonly why: string };

export interface ClaimOptions {
  readonly worker: string;
  readonly leaseMs: number;
  /** How long a recording that was not admitted is left alone. */
  readonly holdMs: number;
  readonly admit: (recording: RecordingWithHistory) => Admission | Promise<Admission>;
}

export type Claimed =
  | { readonly claim: Claim }
  /** There is work, and it was not for now: `held` for want of room, `busy` where facts of its call were just being written. */
  | { readonly none: 'empty' | 'held' | 'busy' | 'dropped' };

/** What the transaction found; all but a claim is rolled back, or without effect. */
class NotNow extends Error {
  readonly found: {
    readonly none: 'held' | 'busy';
    readonly jobId: string;
    readonly id: string;
    readonly why: string;
  };
  constructor(found: NotNow['found']) {
    super(found.none);
    this.found = found;
  }
}

/**
 * Claims the next recording that this worker has room for. Claiming the job, the fact that an attempt began, and the lease are one
 * transaction: a worker that dies in between has claimed nothing.
 */
export async function claimNext(db: Db, queue: Queue, options: ClaimOptions): Promise<Claimed> {
  try {
    return await db.transaction().execute((trx) => tryClaim(trx, queue, options));
  } catch (error) {
    if (!(error instanceof NotNow)) throw error;
    const { none, jobId, id, why } = error.found;
    if (none === 'held') {
      await queue.defer(jobId, options.holdMs / 1000);
      await noteHold(db, id, options.worker, why);
    }
    return { none };
  }
}

async function tryClaim(trx: Tx, queue: Queue, options: ClaimOptions): Promise<Claimed> {
  const job = await queue.claim(trx);
  if (!job) return { none: 'empty' };
  const row = await trx
    .selectFrom('recordings')
    .selectAll()
    .where('id', '=', job.recordingId)
    .executeTakeFirst();
  const notNow = (none: 'held' | 'busy', why = '') =>
    new NotNow({ none, jobId: job.id, id: job.recordingId, why });
  // Waiting here, with the job's row locked, for one who has the call and wants the job's row would be a circle.
  if (row && !(await tryLockCall(trx, lockKeyOf(row.api_key, row.call_cid)))) throw notNow('busy');
  const recording = row && (await findRecording(trx, row.id));
  // A job that the ledger does not know of any more: of a database that was restored, or touched by hand.
  if (!row || !recording || row.job_id !== job.id || recording.id !== row.id) {
    await queue.complete(trx, job);
    return { none: 'dropped' };
  }
  const admission = await options.admit(recording);
  if (admission !== true) throw notNow('held', admission.why);

  const worker = options.worker;
  const source = { by: 'worker', id: worker } as const;
  const now = Date.now();
  const { lease } = recording;
  // pg-boss has given the job to somebody else, after its own longest time.
  if (lease && (await endLease(trx, { recordingId: row.id, attempt: lease.attempt, worker: lease.worker })))
    await recordOf(trx, queue, row, source, now, [
      { kind: 'attempt-ended', attempt: lease.attempt, outcome: 'lost', cause: 'lost' },
    ]);
  const attempt = recording.attempt + 1;
  const held = { recordingId: row.id, attempt, worker };
  await takeLease(trx, held, job, options.leaseMs);
  await recordOf(trx, queue, row, source, now, [{ kind: 'attempt-began', attempt, worker }]);
  return { claim: { ...held, row, job, recording } };
}

async function noteHold(db: Db, recordingId: string, worker: string, why: string): Promise<void> {
  await db
    .insertInto('holds')
    .columns(['recording_id', 'worker', 'why', 'at'])
    // Only while it still waits: another worker may have claimed it meanwhile.
    .expression((from) =>
      from
        .selectFrom('recordings')
        .select((select) => [
          'id',
          select.val(worker).as('worker'),
          select.val(why).as('why'),
          select.val(new Date()).as('at'),
        ])
        .where('id', '=', recordingId)
        .where('state', '=', 'queued'),
    )
    .onConflict((conflict) =>
      conflict.columns(['recording_id', 'worker']).doUpdateSet({ why, at: new Date() }),
    )
    .execute();
}
