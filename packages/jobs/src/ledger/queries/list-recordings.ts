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
  const { states = RECORDING_STATES, callCid, before } = filter;
  const bounds = {
    below: before === undefined ? Number.MAX_SAFE_INTEGER : Number(before),
    since: await firstSince(db, filter.sinceMs),
    count,
  };
  return await (callCid === undefined
    ? newestOfStates(db, bounds, states)
    : newestOfCall(db, bounds, states, callCid));
}

interface Bounds {
  readonly below: number;
  readonly since: Since | undefined;
  readonly count: number;
}

/**
 * For each state its own newest, through the index by state: one scan of all states would pass over a million that are done to find
 * the ten that failed.
 */
async function newestOfStates(
  db: Db,
  { below, since, count }: Bounds,
  states: readonly RecordingState[],
): Promise<readonly Found[]> {
  return await db
    .selectFrom(sql<{ state: string }>`unnest(${[...states]}::text[])`.as<'wanted'>(sql`wanted(state)`))
    .innerJoinLateral(
      () =>
        listed(db, since, count)
          .whereRef('recordings.state', '=', sql.ref('wanted.state'))
          .where(negative, '>', -below)
          .where(negative, '<=', -(since?.ordinal ?? 0))
          .orderBy(negative)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .select(['newest.id', 'newest.ordinal'])
    .orderBy('newest.ordinal', 'desc')
    .limit(count)
    .execute();
}

/** As the index by state has it, and no other. */
const negative = sql<number>`(-recordings.ordinal)`;

async function newestOfCall(
  db: Db,
  { below, since, count }: Bounds,
  states: readonly RecordingState[],
  callCid: string,
): Promise<readonly Found[]> {
  return await listed(db, since, count)
    .where('recordings.call_key', '=', keyOf(callCid))
    .where('recordings.ordinal', '<', below)
    .where('recordings.ordinal', '>=', since?.ordinal ?? 0)
    // As an expression: a call has few, and the index by state is not to be tried for them.
    .where(sql<boolean>`(recordings.state || '') = any(${[...states]}::text[])`)
    .orderBy('recordings.ordinal', 'desc')
    .execute();
}

function listed(db: Db, since: Since | undefined, count: number) {
  const query = db
    .selectFrom('recordings')
    .select(['recordings.id', 'recordings.ordinal'])
    .where('recordings.same_as', 'is', null)
    .limit(count);
  return since === undefined ? query : query.where('recordings.created_at', '>=', since.time);
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
