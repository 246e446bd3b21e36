import type { Tx } from '../../database/connect.ts';
import { type Fact, factIdentity } from '../fact.ts';
import { keyOf, storableJson } from '../keys.ts';

/** A fact of the recording with this row's id. */
export interface PlacedFact {
  readonly recordingId: string;
  readonly fact: Fact;
}

/** A statement takes 65,535 values. */
const AT_A_TIME = 1000;

/** Facts that are there already change nothing. */
export async function insertFacts(trx: Tx, placed: readonly PlacedFact[]): Promise<void> {
  for (let at = 0; at < placed.length; at += AT_A_TIME)
    await trx
      .insertInto('facts')
      .values(placed.slice(at, at + AT_A_TIME).map(rowOfFact))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

const rowOfFact = ({ recordingId, fact }: PlacedFact) => ({
  recording_id: recordingId,
  identity_key: keyOf(factIdentity(fact)),
  kind: fact.kind,
  at: new Date(fact.atMs),
  body: storableJson(fact),
});
