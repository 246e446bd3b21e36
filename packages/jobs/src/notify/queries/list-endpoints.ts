import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import type { NotificationKind } from '../../ledger/notification.ts';

/** Who is told, and how that goes. Times are milliseconds since 1970. */
export interface Endpoint {
  readonly name: string;
  /** Undefined: all. */
  readonly kinds?: readonly NotificationKind[] | undefined;
  /** Undefined: of all apps. */
  readonly apiKeys?: readonly string[] | undefined;
  /** When a process last had it configured, to an hour. */
  readonly seenMs: number;
  readonly deliveredMs?: number | undefined;
  /** Since when all that was tried has failed. */
  readonly failingSinceMs?: number | undefined;
  /** To the last try. */
  readonly answer?: string | undefined;
  readonly disabled?: { readonly atMs: number; readonly why: string } | undefined;
  /** Deliveries that are still to be made. */
  readonly waiting: number;
  /** Deliveries that were tried for the last time. */
  readonly givenUp: number;
}

export async function listEndpoints(db: Db): Promise<readonly Endpoint[]> {
  const rows = await db
    .selectFrom('endpoints')
    .leftJoin('deliveries', (join) =>
      join.onRef('deliveries.endpoint', '=', 'endpoints.name').on('deliveries.delivered_at', 'is', null),
    )
    .selectAll('endpoints')
    .select([
      sql<number>`count(deliveries.next_at)`.as('waiting'),
      sql<number>`count(deliveries.endpoint) - count(deliveries.next_at)`.as('given_up'),
    ])
    .groupBy('endpoints.name')
    .orderBy('endpoints.name')
    .execute();
  return rows.map((row) => ({
    name: row.name,
    kinds: row.kinds ?? undefined,
    apiKeys: row.api_keys ?? undefined,
    seenMs: row.seen_at.getTime(),
    deliveredMs: row.delivered_at?.getTime(),
    failingSinceMs: row.failing_since?.getTime(),
    answer: row.answer ?? undefined,
    disabled: row.disabled_at ? { atMs: row.disabled_at.getTime(), why: row.disabled_why ?? '' } : undefined,
    waiting: row.waiting,
    givenUp: row.given_up,
  }));
}
