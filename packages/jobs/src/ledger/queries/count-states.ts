import type { Db } from '../../database/connect.ts';
import type { RecordingState } from '../recording-state.ts';

/** How many recordings are in each state; states that none is in are left out. */
export async function countStates(db: Db): Promise<ReadonlyMap<RecordingState, number>> {
  const rows = await db
    .selectFrom('recordings')
    .select((select) => ['state', select.fn.countAll<number>().as('count')])
    .where('same_as', 'is', null)
    .groupBy('state')
    .execute();
  return new Map(rows.map(({ state, count }) => [state, count]));
}
