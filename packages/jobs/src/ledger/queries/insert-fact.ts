import type { Tx } from '../../database/connect.ts';
import { type Fact, factIdentity } from '../fact.ts';
import { keyOf, storableJson } from '../keys.ts';

/** A fact that is there already changes nothing. */
export async function insertFact(trx: Tx, recordingId: string, fact: Fact): Promise<void> {
  await trx
    .insertInto('facts')
    .values({
      recording_id: recordingId,
      identity_key: keyOf(factIdentity(fact)),
      kind: fact.kind,
      at: new Date(fact.atMs),
      body: storableJson(fact),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
