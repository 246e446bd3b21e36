import type { Db } from '../../database/connect.ts';
import { expiringAt } from '../notification.ts';
import type { RecordingSummary } from '../view.ts';
import { insertNotification } from './insert-notification.ts';

/** All of them or, where the database fails, none. */
export async function notifyExpiring(db: Db, recordings: readonly RecordingSummary[]): Promise<void> {
  if (recordings.length === 0) return;
  // In one order, so that of two services none waits for the other.
  const sorted = recordings.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  await db.transaction().execute(async (trx) => {
    for (const recording of sorted)
      if (recording.expiresAtMs !== undefined)
        await insertNotification(trx, expiringAt(recording.expiresAtMs), Date.now(), recording);
  });
}
