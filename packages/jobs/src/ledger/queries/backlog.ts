import type { Db } from '../../database/connect.ts';
import { END_STATES, RECORDING_STATES } from '../recording-state.ts';
import type { Backlog } from '../view.ts';

const OPEN_STATES = RECORDING_STATES.filter((state) => !END_STATES.has(state));

/**
 * What is not done. It costs as much as there is of that, whatever lies behind it: the states are named one by one, so that the planner
 * knows how rare each of them is and takes the index by state.
 */
export async function backlog(db: Db, expiringBeforeMs: number): Promise<Backlog> {
  const rows = await db
    .selectFrom('recordings')
    .select((select) => [
      'state',
      select.fn.countAll<number>().as('count'),
      select.fn.min('since').as('oldest'),
      select.fn.countAll<number>().filterWhere('expires_at', '<', new Date(expiringBeforeMs)).as('expiring'),
    ])
    .where('same_as', 'is', null)
    .where('state', 'in', OPEN_STATES)
    .groupBy('state')
    .execute();
  const { held, leases, workers } = await db
    .selectNoFrom((select) => [
      select
        .selectFrom('holds')
        .select((hold) => hold.fn.count<number>('recording_id').distinct().as('count'))
        .as('held'),
      select
        .selectFrom('leases')
        .select((lease) => lease.fn.countAll<number>().as('count'))
        .as('leases'),
      select
        .selectFrom('leases')
        .select((lease) => lease.fn.count<number>('worker').distinct().as('count'))
        .as('workers'),
    ])
    .executeTakeFirstOrThrow();
  return {
    open: new Map(
      rows.map(({ state, count, oldest }) => [state, { count, oldestSinceMs: oldest.getTime() }]),
    ),
    expiring: rows.reduce((sum, row) => sum + row.expiring, 0),
    held: held ?? 0,
    leases: leases ?? 0,
    workers: workers ?? 0,
  };
}
