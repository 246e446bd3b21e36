import { sql } from 'kysely';
import type { Db } from '../../database/connect.ts';
import { keyOf } from '../keys.ts';
import type { ListFilter } from '../ledger.ts';
import { RECORDING_STATES } from '../recording-state.ts';
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
  const found = await (filter.callCid === undefined
    ? newestOfStates(db, filter, size + 1)
    : newestOfCall(db, filter, filter.callCid, size + 1));
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

/**
 * For each state its own newest, through the index by state: one scan of all states would pass over a million that are done to find
 * the ten that failed.
 */
async function newestOfStates(
  db: Db,
  { states = RECORDING_STATES, ...filter }: ListFilter,
  count: number,
): Promise<readonly Found[]> {
  return await db
    .selectFrom(sql<{ state: string }>`unnest(${[...states]}::text[])`.as<'wanted'>(sql`wanted(state)`))
    .innerJoinLateral(
      () =>
        listed(db, filter, count)
          .whereRef('recordings.state', '=', sql.ref('wanted.state'))
          .where(negative, '>', -ordinalBefore(filter))
          .orderBy(negative)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .select(['newest.id', 'newest.ordinal'])
    .orderBy('newest.ordinal', 'desc')
    .limit(count)
    .execute();
}

async function newestOfCall(
  db: Db,
  { states = RECORDING_STATES, ...filter }: ListFilter,
  callCid: string,
  count: number,
): Promise<readonly Found[]> {
  return await listed(db, filter, count)
    .where('recordings.ordinal', '<', ordinalBefore(filter))
    .orderBy('recordings.ordinal', 'desc')
    .where('recordings.call_key', '=', keyOf(callCid))
    // As an expression: a call has few, and the index by state is not to be tried for them.
    .where(sql<boolean>`(recordings.state || '') = any(${[...states]}::text[])`)
    .execute();
}

/** As the index by state has it, and no other. */
const negative = sql<number>`(-recordings.ordinal)`;

const ordinalBefore = ({ before }: Pick<ListFilter, 'before'>): number =>
  before === undefined ? Number.MAX_SAFE_INTEGER : Number(before);

function listed(db: Db, { sinceMs }: Pick<ListFilter, 'sinceMs'>, count: number) {
  const query = db
    .selectFrom('recordings')
    .select(['recordings.id', 'recordings.ordinal'])
    .where('recordings.same_as', 'is', null)
    .limit(count);
  return sinceMs === undefined ? query : query.where('recordings.created_at', '>=', new Date(sinceMs));
}
