import type { Tx } from '../../database/connect.ts';
import { keyOf, storable } from '../keys.ts';
import type { StoredEvent } from '../ledger.ts';

/**
 * An event is one by what it says. Its webhook id is not signed: an old event, sent once more under the id of one to come, would
 * keep that one out.
 *
 * @returns those that were not there already; of equal ones among them the first
 */
export async function insertEvents(
  trx: Tx,
  events: readonly StoredEvent[],
): Promise<ReadonlySet<StoredEvent>> {
  const byKey = new Map<string, StoredEvent>();
  for (const event of events) {
    const key = keyOf(event.apiKey, event.identity);
    if (!byKey.has(key)) byKey.set(key, event);
  }
  const inserted = await trx
    .insertInto('events')
    .values(
      // In order, so that no two wait for each other.
      [...byKey].toSorted(inOrderOfKeys).map(([identity_key, { apiKey, source, ...event }]) => ({
        api_key: storable(apiKey),
        identity_key,
        type: storable(event.type),
        received_at: new Date(event.receivedAtMs),
        source_by: source.by,
        source_id: source.id === undefined ? null : storable(source.id),
        body: JSON.stringify(event.body),
      })),
    )
    // Of two that come at the same time, the second waits here until the first is durable, or gone.
    .onConflict((conflict) => conflict.doNothing())
    .returning('identity_key')
    .execute();
  return new Set(inserted.flatMap(({ identity_key }) => byKey.get(identity_key) ?? []));
}

const inOrderOfKeys = ([one]: [string, unknown], [other]: [string, unknown]): number =>
  one < other ? -1 : 1;
