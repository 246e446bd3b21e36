import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '../../database/connect.ts';
import { storableJson } from '../keys.ts';
import type { Occasion } from '../notification.ts';
import type { RecordingSummary } from '../view.ts';

/** Writes what is to be told, and to whom; an occasion that is there already changes nothing. */
export async function insertNotification(
  trx: Tx,
  { kind, name }: Occasion,
  atMs: number,
  recording: RecordingSummary,
): Promise<void> {
  const inserted = await trx
    .insertInto('notifications')
    .values({
      id: randomUUID(),
      recording_id: recording.id,
      kind,
      occasion: name,
      at: new Date(atMs),
      recording: storableJson(recording),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return;
  await trx
    .insertInto('deliveries')
    .columns(['notification_id', 'endpoint', 'next_at'])
    .expression((from) =>
      from
        .selectFrom('endpoints')
        .select((select) => [
          select.val(inserted.id).as('notification_id'),
          'name',
          // Due by any process's clock.
          sql<Date>`to_timestamp(0)`.as('next_at'),
        ])
        .where(sql<boolean>`(kinds is null or ${kind} = any(kinds))`)
        .where(sql<boolean>`(api_keys is null or ${recording.apiKey} = any(api_keys))`),
    )
    .execute();
}
