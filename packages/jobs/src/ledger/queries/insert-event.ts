import type { Tx } from '../../database/connect.ts';
import { keyOf, storable } from '../keys.ts';
import type { StoredEvent } from '../ledger.ts';

/**
 * An event is one by what it says. Its webhook id is not signed: an old event, sent once more under the id of one to come, would
 * keep that one out.
 *
 * @returns false where the event is there already
 */
export async function insertEvent(trx: Tx, event: StoredEvent): Promise<boolean> {
  const { apiKey, source } = event;
  const inserted = await trx
    .insertInto('events')
    .values({
      api_key: storable(apiKey),
      identity_key: keyOf(apiKey, event.identity),
      type: storable(event.type),
      received_at: new Date(event.receivedAtMs),
      source_by: source.by,
      source_id: source.id === undefined ? null : storable(source.id),
      body: JSON.stringify(event.body),
    })
    // Of two that come at the same time, the second waits here until the first is durable, or gone.
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}
