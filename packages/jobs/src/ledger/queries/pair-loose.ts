import { sql } from 'kysely';
import type { Tx } from '../../database/connect.ts';
import { keyOf, storable } from '../keys.ts';
import { pairByTime, START_SLACK_MS } from '../pair-by-time.ts';

/** Calls of which an egress is known whose file is not, or was inferred. */
export async function callsWithLoose(
  trx: Tx,
  apiKey: string,
  callCids: Iterable<string>,
): Promise<readonly string[]> {
  const byKey = new Map([...callCids].map((callCid) => [keyOf(callCid), callCid]));
  const found = await looseEgresses(trx, apiKey, [...byKey.keys()])
    .select('call_key')
    .distinct()
    .execute();
  return found.flatMap(({ call_key }) => byKey.get(call_key) ?? []);
}

function looseEgresses(trx: Tx, apiKey: string, callKeys: readonly string[]) {
  return trx
    .selectFrom('recordings')
    .where('recordings.call_key', '=', sql<string>`any(${callKeys}::text[])`)
    .where('recordings.api_key', '=', storable(apiKey))
    .where('file_key', 'is', null)
    .where((where) => where.or([where('same_as', 'is', null), where('is_inferred', '=', true)]))
    .where((where) => where.or([where('begins_at', 'is not', null), where('ends_at', 'is not', null)]));
}

/**
 * Joins what is known by one name only, by time: where the ready event was lost, nothing else says which file an egress became.
 * Marked as inferred, and made anew with whatever is heard of the call. What changed is added to `touched`.
 */
export async function pairLoose(
  trx: Tx,
  apiKey: string,
  callCid: string,
  touched: Set<string>,
): Promise<void> {
  const callKey = keyOf(callCid);
  const egresses = await looseEgresses(trx, apiKey, [callKey])
    .select(['id', 'begins_at', 'ends_at', 'same_as'])
    .execute();
  const earliest = egresses.every(({ begins_at }) => begins_at !== null)
    ? Math.min(...egresses.map(({ begins_at }) => begins_at?.getTime() ?? 0))
    : 0;
  const files = await trx
    .selectFrom('recordings')
    .where('recordings.call_key', '=', callKey)
    .where('recordings.api_key', '=', storable(apiKey))
    .leftJoin('recordings as twin', (join) =>
      join.onRef('twin.same_as', '=', 'recordings.id').on('twin.is_inferred', '=', false),
    )
    .select([
      'recordings.id',
      'recordings.begins_at',
      'recordings.ends_at',
      'recordings.egress_key',
      'twin.id as twin',
    ])
    .where('recordings.file_key', 'is not', null)
    .where('recordings.begins_at', '>=', new Date(earliest - START_SLACK_MS))
    .execute();
  const timed = files.map(({ id, begins_at, ends_at, egress_key, twin }) => ({
    id,
    beginsMs: begins_at?.getTime() ?? 0,
    endsMs: ends_at?.getTime(),
    isWhole: egress_key !== null || twin !== null,
  }));
  const pairs = pairByTime(
    egresses.map(({ id, begins_at, ends_at }) => ({
      id,
      beginsMs: begins_at?.getTime(),
      endsMs: ends_at?.getTime(),
    })),
    timed.filter(({ isWhole }) => !isWhole),
    timed.filter(({ isWhole }) => isWhole),
  );
  for (const { id, same_as } of egresses) {
    const file = pairs.get(id) ?? null;
    if (file === same_as) continue;
    await trx
      .updateTable('recordings')
      .set({ same_as: file, is_inferred: file !== null })
      .where('id', '=', id)
      .execute();
    for (const changed of [id, file, same_as]) if (changed !== null) touched.add(changed);
  }
}
