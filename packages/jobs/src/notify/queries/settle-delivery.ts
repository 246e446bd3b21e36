import { sql } from 'kysely';
import type { Db, Tx } from '../../database/connect.ts';
import { storable } from '../../ledger/keys.ts';
import type { NotifyClock } from '../clock.ts';
import { DISABLE_AFTER_MS, nextTryMs, STREAK_GAP_MS } from '../retry-schedule.ts';
import type { ClaimedDelivery } from './claim-delivery.ts';

const deliveryOf = (db: Db, { notification, endpoint }: ClaimedDelivery) =>
  db
    .updateTable('deliveries')
    .where('notification_id', '=', notification.id)
    .where('endpoint', '=', endpoint)
    .where('delivered_at', 'is', null);

/** Also of a try that somebody else has taken up meanwhile: what has arrived has arrived. */
export async function noteDelivered(
  db: Db,
  clock: NotifyClock,
  claimed: ClaimedDelivery,
  answer: string,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await deliveryOf(trx, claimed)
      .set({ delivered_at: clock.now(), next_at: null, answer: storable(answer) })
      .execute();
    await trx
      .updateTable('endpoints')
      .set({ delivered_at: clock.now(), failing_since: null, answer: storable(answer) })
      .where('name', '=', claimed.endpoint)
      .execute();
  });
}

export interface FailedTry {
  /** Milliseconds until the next; undefined where there is none, or none that is known of. */
  readonly againInMs?: number | undefined;
  /** Why the endpoint is disabled now, where this try has led to it. */
  readonly disabledWhy?: string | undefined;
}

/** @param isGone the endpoint wants nothing more, ever */
export async function noteFailed(
  db: Db,
  clock: NotifyClock,
  claimed: ClaimedDelivery,
  failure: { readonly answer: string; readonly isGone: boolean },
): Promise<FailedTry> {
  const answer = storable(failure.answer);
  const againInMs = nextTryMs(claimed.attempt);
  return await db.transaction().execute(async (trx) => {
    await deliveryOf(trx, claimed)
      .where('attempts', '=', claimed.attempt)
      .set({ answer, next_at: againInMs === undefined ? null : clock.in(againInMs) })
      .execute();
    const { failed_for, disabled_at } = await trx
      .updateTable('endpoints')
      .set({
        failed_at: clock.now(),
        failing_since: sql<Date>`case when failing_since is null or failed_at < ${clock.in(-STREAK_GAP_MS)}
          then ${clock.now()} else failing_since end`,
        answer,
      })
      .where('name', '=', claimed.endpoint)
      .returning([
        'disabled_at',
        sql<number>`extract(epoch from failed_at - failing_since)::float8 * 1000`.as('failed_for'),
      ])
      .executeTakeFirstOrThrow();
    const why = failure.isGone
      ? 'it is gone'
      : failed_for >= DISABLE_AFTER_MS
        ? 'it failed for 5 days'
        : undefined;
    if (why === undefined || disabled_at !== null) return { againInMs };
    const disabledWhy = answer === '' ? why : `${why}: ${answer}`;
    await disable(trx, clock, claimed.endpoint, disabledWhy);
    return { disabledWhy };
  });
}

async function disable(trx: Tx, clock: NotifyClock, name: string, why: string): Promise<void> {
  await trx
    .updateTable('endpoints')
    .set({ disabled_at: clock.now(), disabled_why: why })
    .where('name', '=', name)
    .execute();
}

/** The process stops: the try does not count, and is anybody's. */
export async function putBack(db: Db, clock: NotifyClock, claimed: ClaimedDelivery): Promise<void> {
  await deliveryOf(db, claimed)
    .where('attempts', '=', claimed.attempt)
    .set({ attempts: claimed.attempt - 1, next_at: clock.now() })
    .execute();
}
