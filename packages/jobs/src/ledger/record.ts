import type { Tx } from '../database/connect.ts';
import type { Queue } from '../queue/queue.ts';
import type { Fact, FactBody, FactSource } from './fact.ts';
import { keyOf, storable } from './keys.ts';
import { insertFacts, type PlacedFact } from './queries/insert-facts.ts';
import { lockCalls } from './queries/lock-calls.ts';
import { callsWithLoose, pairLoose } from './queries/pair-loose.ts';
import { project } from './queries/project.ts';
import { freshRows, rowOf } from './queries/row-of.ts';
import { setTimes } from './queries/set-times.ts';

export const lockKeyOf = (apiKey: string, callCid: string): string =>
  keyOf('call', storable(apiKey), storable(callCid));

/** Facts of any recordings of one app, by their names: what comes from outside. */
export async function record(trx: Tx, queue: Queue, apiKey: string, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  const callCids = new Set(facts.map(({ callCid }) => callCid));
  await lockCalls(
    trx,
    [...callCids].map((callCid) => lockKeyOf(apiKey, callCid)),
  );
  const touched = new Set<string>();
  const fresh = await freshRows(trx, apiKey, facts, touched);
  const placed: PlacedFact[] = [];
  for (const fact of facts)
    placed.push({ recordingId: fresh.get(fact) ?? (await rowOf(trx, apiKey, fact, touched)), fact });
  await insertFacts(trx, placed);
  await setTimes(trx, [...touched]);
  for (const callCid of await callsWithLoose(trx, apiKey, callCids))
    await pairLoose(trx, apiKey, callCid, touched);
  await project(trx, queue, touched);
}

/** What is known of a recording's row to write facts about it. */
export interface KnownRow {
  readonly id: string;
  readonly api_key: string;
  readonly call_cid: string;
  readonly egress_id: string | null;
  readonly session_id: string | null;
  readonly filename: string | null;
}

/** Facts that were made here, of a recording that the caller has locked. */
export async function recordOf(
  trx: Tx,
  queue: Queue,
  row: KnownRow,
  source: FactSource,
  atMs: number,
  bodies: readonly FactBody[],
): Promise<void> {
  const names = {
    callCid: row.call_cid,
    egressId: row.egress_id ?? undefined,
    sessionId: row.session_id ?? undefined,
    filename: row.filename ?? undefined,
  };
  const placed = bodies.map((body) => ({ recordingId: row.id, fact: { ...names, atMs, source, ...body } }));
  await insertFacts(trx, placed);
  await project(trx, queue, [row.id]);
}
