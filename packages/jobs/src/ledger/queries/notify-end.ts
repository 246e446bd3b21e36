import type { Tx } from '../../database/connect.ts';
import type { Occasion } from '../notification.ts';
import { insertNotification } from './insert-notification.ts';
import { selectSummaries, summaryOf } from './summaries.ts';

/** The caller has written the recording's state. */
export async function notifyEnd(trx: Tx, recordingId: string, end: Occasion, atMs: number): Promise<void> {
  const row = await selectSummaries(trx).where('recordings.id', '=', recordingId).executeTakeFirstOrThrow();
  await insertNotification(trx, end, atMs, summaryOf(row));
}
