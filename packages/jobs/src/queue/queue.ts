import { randomUUID } from 'node:crypto';
import { fromKysely, PgBoss } from 'pg-boss';
import type { Connection, Tx } from '../database/connect.ts';

/** pg-boss's schema, beside the ledger's. */
export const QUEUE_SCHEMA = 'rawreel_queue';
export const QUEUE = 'recordings';
export const DEAD_LETTERS = 'recordings-given-up';

/** States of a job that waits or runs. */
const LIVE: ReadonlySet<string> = new Set(['created', 'retry', 'active']);

const DAY = 24 * 3600;

/** A claimed job: pg-boss counts claims, and settles with this pair only the claim that it names. */
export interface ClaimedJob {
  readonly id: string;
  readonly retryCount: number;
}

export interface WantedJob {
  readonly recordingId: string;
  /** Of recordings that share their workers fairly with other groups. */
  readonly group: string;
}

export interface DeadLetter {
  readonly recordingId: string;
  readonly callCid: string;
  readonly attempt: number;
  readonly kind: string;
  readonly reason: string;
  /** What a person types to have it tried again. */
  readonly tryAgain: string;
}

/**
 * The only room that knows pg-boss. A job says no more than which recording wants work; what is done of it, and when it has failed
 * for good, is for the ledger to say. So pg-boss never gives a job up and never deletes one that waits, and every call here runs in
 * the transaction that writes the facts.
 */
export interface Queue {
  /** A job for each of the recordings. @returns ids of the jobs by the recordings' */
  send(trx: Tx, wanted: readonly WantedJob[]): Promise<ReadonlyMap<string, string>>;
  /** Claims the next job: one of a group of which none runs, and only where there is none of those, another. */
  claim(trx: Tx): Promise<(ClaimedJob & { readonly recordingId: string }) | undefined>;
  /** @returns false where the claim is not held any more; the transaction has to be rolled back */
  complete(trx: Tx, job: ClaimedJob): Promise<boolean>;
  /** Puts a claimed job back, to be claimed after `seconds`. @returns like `complete` */
  putBack(trx: Tx, job: ClaimedJob, seconds: number, output: object): Promise<boolean>;
  /** Lets a job that nobody has claimed wait. */
  defer(jobId: string, seconds: number): Promise<void>;
  cancel(trx: Tx, jobId: string): Promise<void>;
  sendDeadLetter(trx: Tx, letter: DeadLetter): Promise<string>;
  removeDeadLetter(trx: Tx, id: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startQueue(
  { executeSql }: Connection,
  onError: (error: unknown) => void,
): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql },
    schema: QUEUE_SCHEMA,
    // Nothing here runs by the clock.
    schedule: false,
  });
  boss.on('error', onError);
  await boss.start();
  await boss.createQueue(QUEUE, {
    // At most one job that waits or runs for each recording, whoever sends.
    policy: 'exclusive',
    retryLimit: 2 ** 31 - 1,
    retryDelay: 0,
    // pg-boss's maximum. Leases end long before: see work/lease.ts.
    expireInSeconds: DAY,
    retentionSeconds: 3650 * DAY,
    // The ledger has the history.
    deleteAfterSeconds: DAY,
  });
  await boss.createQueue(DEAD_LETTERS, { retentionSeconds: 3650 * DAY, deleteAfterSeconds: DAY });
  const inside = (trx: Tx) => ({ db: fromKysely(trx) });

  return {
    async send(trx, wanted) {
      const jobs = wanted.map(({ recordingId, group }) => ({
        id: randomUUID() as string,
        data: { recordingId },
        singletonKey: recordingId,
        group: { id: group },
      }));
      const made = new Set<string>(await boss.insert(QUEUE, jobs, { returnId: true, ...inside(trx) }));
      const ids = new Map(jobs.map(({ id, singletonKey }) => [singletonKey, id]));
      for (const { id, singletonKey: key } of jobs.filter((job) => !made.has(job.id))) {
        // Its policy allows one: whoever sent it, that one is it.
        const found = await boss.findJobs(QUEUE, { key, ...inside(trx) });
        ids.set(key, found.find(({ state }) => LIVE.has(state))?.id ?? id);
      }
      return ids;
    },
    async claim(trx) {
      const [job] =
        (await nonEmpty(
          boss.fetch<{ recordingId: string }>(QUEUE, { groupConcurrency: 1, ...inside(trx) }),
        )) ?? (await boss.fetch<{ recordingId: string }>(QUEUE, inside(trx)));
      return job && { id: job.id, retryCount: job.retryCount, recordingId: job.data.recordingId };
    },
    async complete(trx, { id, retryCount }) {
      return settledOne(await boss.complete(QUEUE, { id, retryCount }, null, inside(trx)));
    },
    async putBack(trx, { id, retryCount }, seconds, output) {
      if (!settledOne(await boss.fail(QUEUE, { id, retryCount }, output, inside(trx)))) return false;
      if (seconds > 0) await boss.update(QUEUE, undefined, { id, startAfter: seconds, ...inside(trx) });
      return true;
    },
    async defer(jobId, seconds) {
      await boss.update(QUEUE, undefined, { id: jobId, startAfter: seconds });
    },
    async cancel(trx, jobId) {
      await boss.cancel(QUEUE, jobId, inside(trx));
    },
    async sendDeadLetter(trx, letter) {
      const id = randomUUID();
      await boss.send(DEAD_LETTERS, letter, { id, ...inside(trx) });
      return id;
    },
    async removeDeadLetter(trx, id) {
      await boss.deleteJob(DEAD_LETTERS, id, inside(trx));
    },
    stop: () => boss.stop({ graceful: false }),
  };
}

async function nonEmpty<T>(fetched: Promise<T[]>): Promise<T[] | undefined> {
  const items = await fetched;
  return items.length > 0 ? items : undefined;
}

/** pg-boss's types leave out what its documentation says of the answer. */
function settledOne(response: { readonly affected?: number }): boolean {
  return response.affected === 1;
}
