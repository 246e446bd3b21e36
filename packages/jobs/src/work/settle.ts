import { sql } from 'kysely';
import type { Db, Tx } from '../database/connect.ts';
import type { AttemptStage, FactBody, Outputs } from '../ledger/fact.ts';
import { factsOfOne } from '../ledger/queries/facts-of.ts';
import { lockCalls } from '../ledger/queries/lock-calls.ts';
import { type KnownRow, lockKeyOf, recordOf } from '../ledger/record.ts';
import { recordingState } from '../ledger/recording-state.ts';
import type { ClaimedJob, DeadLetter, Queue } from '../queue/queue.ts';
import { type FailureKind, type RetryRules, retryDelay } from './failure-kinds.ts';
import { endedLeases, endLease, type HeldLease, holdsLease } from './lease.ts';

/** How an attempt ended, as the worker says. */
export type Ending =
  | { readonly outcome: 'stored'; readonly outputs: Outputs }
  | { readonly outcome: 'failed'; readonly kind: FailureKind; readonly message: string }
  | { readonly outcome: 'handed-back' };

/** The lease or the job was not this attempt's any more: nothing of it was written. */
class ClaimLost extends Error {}

export interface Held extends HeldLease {
  readonly row: KnownRow;
  readonly job: ClaimedJob;
}

/**
 * Ends an attempt: lease, job, facts and state in one transaction, which is rolled back unless lease *and* job are this attempt's.
 *
 * @returns false where they are not, and the ending was not written down earlier either: somebody else has the recording now
 */
export async function settle(
  db: Db,
  queue: Queue,
  rules: RetryRules,
  held: Held,
  ending: Ending,
): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      await lockCalls(trx, [lockKeyOf(held.row.api_key, held.row.call_cid)]);
      if (!(await endLease(trx, held))) throw new ClaimLost();
      await writeEnding(trx, queue, rules, held, ending, { by: 'worker', id: held.worker });
    });
    return true;
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
    return await wasSettled(db, held, ending);
  }
}

/** Ends the attempts of workers that were not heard of any more. @returns the recordings */
export async function endLostAttempts(
  db: Db,
  queue: Queue,
  rules: RetryRules,
  leaseMs: number,
): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const lease of await endedLeases(db, leaseMs)) {
    const { recording_id: recordingId, attempt, worker } = lease;
    const isLost = await db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('recordings')
        .selectAll()
        .where('id', '=', recordingId)
        .executeTakeFirstOrThrow();
      await lockCalls(trx, [lockKeyOf(row.api_key, row.call_cid)]);
      // Renewed, or ended by somebody else, while this one waited.
      const ended = await trx
        .deleteFrom('leases')
        .where('recording_id', '=', recordingId)
        .where('attempt', '=', attempt)
        .where('held_until', '<', sql<Date>`clock_timestamp()`)
        .returning('attempt')
        .executeTakeFirst();
      if (!ended) return false;
      const held = {
        recordingId,
        attempt,
        worker,
        row,
        job: { id: lease.job_id, retryCount: lease.job_claim },
      };
      const message = `Worker ${worker} was not heard of any more`;
      await writeEnding(
        trx,
        queue,
        rules,
        held,
        { outcome: 'failed', kind: 'lost', message },
        { by: 'worker' },
      );
      return true;
    });
    if (isLost) lost.push(recordingId);
  }
  return lost;
}

/**
 * Notes what an attempt is at.
 *
 * @returns false where it is not this worker's any more
 */
export async function noteStage(db: Db, queue: Queue, held: Held, stage: AttemptStage): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    await lockCalls(trx, [lockKeyOf(held.row.api_key, held.row.call_cid)]);
    if (!(await holdsLease(trx, held))) return false;
    const { attempt, worker } = held;
    await recordOf(trx, queue, held.row, { by: 'worker', id: worker }, Date.now(), [
      { kind: 'attempt-stage', attempt, stage },
    ]);
    return true;
  });
}

async function writeEnding(
  trx: Tx,
  queue: Queue,
  rules: RetryRules,
  { row, job, attempt, recordingId }: Held,
  ending: Ending,
  source: { readonly by: 'worker'; readonly id?: string | undefined },
): Promise<void> {
  const now = Date.now();
  const write = (...bodies: readonly FactBody[]) => recordOf(trx, queue, row, source, now, bodies);
  const completeJob = async (): Promise<void> => {
    if (!(await queue.complete(trx, job))) throw new ClaimLost();
    await trx.updateTable('recordings').set({ job_id: null }).where('id', '=', row.id).execute();
  };
  const putJobBack = async (seconds: number): Promise<void> => {
    if (!(await queue.putBack(trx, job, seconds, ending))) throw new ClaimLost();
  };
  switch (ending.outcome) {
    case 'stored':
      await completeJob();
      await write(
        { kind: 'outputs-stored', attempt, ...ending.outputs },
        { kind: 'attempt-ended', attempt, outcome: 'stored' },
      );
      return;
    case 'handed-back':
      await putJobBack(0);
      await write({ kind: 'attempt-ended', attempt, outcome: 'handed-back' });
      return;
    case 'failed': {
      const { kind, message } = ending;
      const earlier = recordingState(await factsOfOne(trx, recordingId)).failures[kind] ?? 0;
      const seconds = retryDelay(rules, kind, earlier);
      if (seconds !== undefined) {
        await putJobBack(seconds);
        const outcome = kind === 'lost' ? 'lost' : 'failed';
        const retryAtMs = now + seconds * 1000;
        await write({ kind: 'attempt-ended', attempt, outcome, cause: kind, message, retryAtMs });
        return;
      }
      await completeJob();
      const gone: FactBody[] = kind === 'gone' ? [{ kind: 'expired' }] : [];
      await write({ kind: 'attempt-ended', attempt, outcome: 'given-up', cause: kind, message }, ...gone);
      const letter = deadLetterOf(row, attempt, kind, message);
      const deadLetterId = await queue.sendDeadLetter(trx, letter);
      await trx
        .updateTable('recordings')
        .set({ dead_letter_id: deadLetterId })
        .where('id', '=', row.id)
        .execute();
      return;
    }
    default:
      ending satisfies never;
  }
}

function deadLetterOf(row: KnownRow, attempt: number, kind: FailureKind, reason: string): DeadLetter {
  return {
    recordingId: row.id,
    callCid: row.call_cid,
    attempt,
    kind,
    reason,
    tryAgain: `rawreel jobs retry ${row.id}`,
  };
}

/** The answer to a commit can be lost with the connection: then the second try finds the first one's ending. */
async function wasSettled(db: Db, { recordingId, attempt, worker }: Held, ending: Ending): Promise<boolean> {
  return (await factsOfOne(db, recordingId)).some(
    (fact) =>
      fact.kind === 'attempt-ended' &&
      fact.attempt === attempt &&
      fact.source.id === worker &&
      (fact.outcome === 'stored') === (ending.outcome === 'stored'),
  );
}
