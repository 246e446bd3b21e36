import type { Db } from '../../database/connect.ts';
import type { NotifyClock } from '../clock.ts';
import { KEEP_MS } from '../retry-schedule.ts';

/** Of one round, so that none takes long. */
const MOST_REMOVED = 10_000;

/** Removes what is too old to be told, and endpoints that no process has had for as long; deliveries go with either. */
export async function removeOld(db: Db, clock: NotifyClock): Promise<void> {
  const oldest = clock.in(-KEEP_MS);
  await db
    .deleteFrom('notifications')
    .where('id', 'in', (from) =>
      from.selectFrom('notifications').select('id').where('created_at', '<', oldest).limit(MOST_REMOVED),
    )
    .execute();
  await db.deleteFrom('endpoints').where('seen_at', '<', oldest).execute();
}
