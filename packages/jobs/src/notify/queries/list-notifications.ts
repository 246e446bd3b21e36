import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import { isUuid } from '../../ledger/keys.ts';
import type { Notification } from '../../ledger/notification.ts';

export interface NotificationFilter {
  readonly recordingId?: string | undefined;
  /** The `next` of the page before. */
  readonly before?: string | undefined;
  /** 1 to 1000. */
  readonly limit: number;
}

/** Times are milliseconds since 1970. */
export interface Delivery {
  readonly endpoint: string;
  /** That were begun. */
  readonly attempts: number;
  /** When it is tried next; undefined: it was delivered, or given up. */
  readonly nextMs?: number | undefined;
  readonly triedMs?: number | undefined;
  /** To the last try. */
  readonly answer?: string | undefined;
  readonly deliveredMs?: number | undefined;
}

export interface NotificationWithDeliveries extends Notification {
  readonly deliveries: readonly Delivery[];
}

const MOST = 1000;

/** Newest first. */
export async function listNotifications(
  db: Db,
  { recordingId, before, limit }: NotificationFilter,
): Promise<{ notifications: readonly NotificationWithDeliveries[]; next?: string | undefined }> {
  if (recordingId !== undefined && !isUuid(recordingId)) return { notifications: [] };
  const size = Math.max(1, Math.min(limit, MOST));
  const newest = db
    .selectFrom('notifications')
    .selectAll()
    .where('ordinal', '<', before === undefined ? Number.MAX_SAFE_INTEGER : Number(before))
    .orderBy('ordinal', 'desc')
    .limit(size + 1);
  const found = await (recordingId === undefined
    ? newest
    : newest.where('recording_id', '=', recordingId)
  ).execute();
  const page = found.slice(0, size);
  const deliveries = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('notification_id', '=', sql<string>`any(${page.map(({ id }) => id)}::uuid[])`)
    .orderBy('endpoint')
    .execute();
  return {
    notifications: page.map(({ id, kind, at, recording }) => ({
      id,
      kind,
      atMs: at.getTime(),
      recording,
      deliveries: deliveries
        .filter(({ notification_id }) => notification_id === id)
        .map((row) => ({
          endpoint: row.endpoint,
          attempts: row.attempts,
          nextMs: row.next_at?.getTime(),
          triedMs: row.tried_at?.getTime(),
          answer: row.answer ?? undefined,
          deliveredMs: row.delivered_at?.getTime(),
        })),
    })),
    next: found.length > size ? String(page.at(-1)?.ordinal) : undefined,
  };
}
