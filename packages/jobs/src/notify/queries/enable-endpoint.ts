import type { Db } from '../../database/connect.ts';
import type { NotifyClock } from '../clock.ts';

/** What was not delivered meanwhile, given up or not, is tried again from the first try on. @returns whether there is such an endpoint */
export async function enableEndpoint(db: Db, clock: NotifyClock, name: string): Promise<boolean> {
  const enabled = await db
    .updateTable('endpoints')
    .set({ disabled_at: null, disabled_why: null, failing_since: null })
    .where('name', '=', name)
    .returning('name')
    .executeTakeFirst();
  if (enabled === undefined) return false;
  await db
    .updateTable('deliveries')
    .set({ attempts: 0, next_at: clock.now() })
    .where('endpoint', '=', name)
    .where('delivered_at', 'is', null)
    .execute();
  return true;
}
