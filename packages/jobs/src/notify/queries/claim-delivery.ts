import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import type { Notification } from '../../ledger/notification.ts';
import type { NotifyClock } from '../clock.ts';

export interface ClaimedDelivery {
  readonly endpoint: string;
  readonly notification: Notification;
  /** From 1. */
  readonly attempt: number;
}

/**
 * The next delivery that is due, for this process alone until `leaseMs` are over: by then it has been settled, or its process is gone and
 * it is due again.
 */
export async function claimDelivery(
  db: Db,
  clock: NotifyClock,
  endpoint: string,
  leaseMs: number,
): Promise<ClaimedDelivery | undefined> {
  const claimed = await db
    .with('due', (from) =>
      from
        .selectFrom('deliveries')
        .innerJoin('endpoints', 'endpoints.name', 'deliveries.endpoint')
        .select('deliveries.notification_id')
        .where('deliveries.endpoint', '=', endpoint)
        .where('deliveries.delivered_at', 'is', null)
        .where('deliveries.next_at', '<=', clock.now())
        .where('endpoints.disabled_at', 'is', null)
        .orderBy('deliveries.next_at')
        .limit(1)
        .forUpdate('deliveries')
        .skipLocked(),
    )
    .updateTable('deliveries')
    .from('due')
    .innerJoin('notifications', 'notifications.id', 'due.notification_id')
    .set({ attempts: sql<number>`attempts + 1`, next_at: clock.in(leaseMs), tried_at: clock.now() })
    .whereRef('deliveries.notification_id', '=', 'due.notification_id')
    .where('deliveries.endpoint', '=', endpoint)
    .returning([
      'deliveries.attempts',
      'notifications.id',
      'notifications.kind',
      'notifications.at',
      'notifications.recording',
    ])
    .executeTakeFirst();
  if (claimed === undefined) return undefined;
  const { attempts, id, kind, at, recording } = claimed;
  return { endpoint, attempt: attempts, notification: { id, kind, atMs: at.getTime(), recording } };
}
