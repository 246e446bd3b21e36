import { sql } from 'kysely';
import type { Db } from '../database/connect.ts';
import { lockRecording } from '../ledger/queries/lock-recording.ts';
import { project } from '../ledger/queries/project.ts';
import { clockOf } from '../notify/clock.ts';
import { removeOld } from '../notify/queries/remove-old.ts';
import { QUEUE, QUEUE_SCHEMA, type Queue } from '../queue/queue.ts';
import type { RetryRules } from './failure-kinds.ts';
import { endLostAttempts } from './settle.ts';

export interface Housekeeping {
  stop(): Promise<void>;
}

/** Between two looks for jobs that are missing, and for notifications that are too old. */
const CHECK_MS = 60_000;

/**
 * Ends the attempts of workers that are gone, gives queued recordings that have no job a new one, and removes old notifications. Every process that has the
 * ledger open does it, whether it works or not.
 */
export function keepHouse(house: {
  readonly db: Db;
  readonly queue: Queue;
  readonly rules: RetryRules;
  readonly leaseMs: number;
  readonly onError: (error: unknown) => void;
  readonly onWork: () => void;
}): Housekeeping {
  const { db, queue, rules, leaseMs, onError, onWork } = house;
  let checkedAt = -Infinity;
  let round: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    const lost = await endLostAttempts(db, queue, rules, leaseMs);
    if (lost.length > 0) onWork();
    if (performance.now() - checkedAt < CHECK_MS) return;
    checkedAt = performance.now();
    await sendMissingJobs(db, queue);
    await removeOld(db, clockOf(undefined));
  };
  const timer = setInterval(() => {
    round ??= look()
      .catch(onError)
      .finally(() => {
        round = undefined;
      });
  }, leaseMs / 3);

  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

/** Jobs are made with the facts that ask for them. One that is missing was deleted by hand, or was not in a backup. */
async function sendMissingJobs(db: Db, queue: Queue): Promise<void> {
  for (const { id } of await withoutJob(db).limit(1000).execute()) {
    await db.transaction().execute(async (trx) => {
      const row = await lockRecording(trx, id);
      const isMissing = await withoutJob(trx).where('id', '=', row.id).executeTakeFirst();
      if (!isMissing) return;
      await trx.updateTable('recordings').set({ job_id: null }).where('id', '=', row.id).execute();
      await project(trx, queue, [row.id]);
    });
  }
}

function withoutJob(db: Db) {
  return db
    .selectFrom('recordings')
    .select('id')
    .where('same_as', 'is', null)
    .where('state', '=', 'queued')
    .where(
      sql<boolean>`not exists (select from ${sql.table(`${QUEUE_SCHEMA}.job`)} as job
        where job.name = ${QUEUE} and job.id = recordings.job_id and job.state in ('created', 'retry', 'active'))`,
    );
}
