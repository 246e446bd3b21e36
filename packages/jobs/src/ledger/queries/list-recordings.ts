import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import { keyOf } from '../keys.ts';
import type { ListFilter } from '../ledger.ts';
import { RECORDING_STATES, type RecordingState } from '../recording-state.ts';
import type { RecordingSummary } from '../view.ts';
import { selectSummaries, summaryOf } from './summaries.ts';

/** Most rows of one page. */
const MOST = 1000;

/** Newest first. A page is found by the ordinal where the last one ended, so that it costs the same anywhere in a long list. */
export async function listRecordings(
  db: Db,
  filter: ListFilter,
): Promise<{ recordings: readonly RecordingSummary[]; next?: string | undefined }> {
  const size = Math.max(1, Math.min(filter.limit, MOST));
  const found = await newestOf(db, filter, size + 1);
  // In a second question: joined to the first, it is planned by guesses of how many rows that one finds, which can be far off.
  const ids = found.slice(0, size).map(({ id }) => id);
  const rows = await selectSummaries(db)
    .where('recordings.id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('recordings.ordinal', 'desc')
    .execute();
  return {
    recordings: rows.map(summaryOf),
    next: found.length > size ? String(found[size - 1]?.ordinal) : undefined,
  };
}

interface Found {
  readonly id: string;
  readonly ordinal: number;
}

async function newestOf(db: Db, filter: ListFilter, count: number): Promise<readonly Found[]> {
  const { states, callCid } = filter;
  const query = newest(db, filter, await firstSince(db, filter.sinceMs), count);
  if (callCid !== undefined) {
    const ofCall = query.where('recordings.call_key', '=', keyOf(callCid));
    // As an expression: a call has few, and the index by state is not to be tried for them.
    const isOne = sql<boolean>`(recordings.state || '') = any(${[...(states ?? RECORDING_STATES)]}::text[])`;
    return await ofCall.where(isOne).execute();
  }
  if (states === undefined) return await query.execute();
  return await newestOfStates(db, query, states, count);
}

/**
 * For each state its own newest, through the index by state: one scan of all states would pass over a million that are done to find
 * the ten that failed. Each is a query of its own, so that the planner knows which states are rare.
 */
async function newestOfStates(
  db: Db,
  query: ReturnType<typeof newest>,
  states: readonly RecordingState[],
  count: number,
): Promise<readonly Found[]> {
  const [first, ...others] = [...new Set(states)].map((state) =>
    db.selectFrom(query.where('recordings.state', '=', state).as('newest')).selectAll(),
  );
  if (first === undefined) return [];
  const all = others.reduce((union, each) => union.unionAll(each), first);
  return await all.orderBy('ordinal', 'desc').limit(count).execute();
}

function newest(db: Db, { before }: ListFilter, since: Since | undefined, count: number) {
  const query = db
    .selectFrom('recordings')
    .select(['recordings.id', 'recordings.ordinal'])
    .where('recordings.same_as', 'is', null)
    .where('recordings.ordinal', '<', before === undefined ? Number.MAX_SAFE_INTEGER : Number(before))
    .orderBy('recordings.ordinal', 'desc')
    .limit(count);
  if (since === undefined) return query;
  return query
    .where('recordings.ordinal', '>=', since.ordinal)
    .where('recordings.created_at', '>=', since.time);
}

interface Since {
  readonly time: Date;
  /** None of that time or later has a lower one. */
  readonly ordinal: number;
}

/** Far more than are ever made at the same time: their ordinals and their times may be in different orders. */
const MADE_AT_ONCE = 1000;

async function firstSince(db: Db, sinceMs: number | undefined): Promise<Since | undefined> {
  if (sinceMs === undefined) return undefined;
  const time = new Date(sinceMs);
  const earliest = db
    .selectFrom('recordings')
    .select('ordinal')
    .where('created_at', '>=', time)
    .orderBy('created_at')
    .limit(MADE_AT_ONCE);
  const { ordinal } = await db
    .selectFrom(earliest.as('earliest'))
    .select((select) => select.fn.min<number | null>('ordinal').as('ordinal'))
    .executeTakeFirstOrThrow();
  return { time, ordinal: ordinal ?? Number.MAX_SAFE_INTEGER };
}
