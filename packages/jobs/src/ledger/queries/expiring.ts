import type { Db } from '../../database/connect.ts';
import { END_STATES, RECORDING_STATES } from '../recording-state.ts';
import type { RecordingSummary } from '../view.ts';
import { selectSummaries, summaryOf } from './summaries.ts';

const OPEN_STATES = RECORDING_STATES.filter((state) => !END_STATES.has(state));

/** Recordings that are not done and whose link or file goes away before `ms`, the most urgent first. */
export async function expiringBefore(
  db: Db,
  ms: number,
  limit: number,
): Promise<readonly RecordingSummary[]> {
  const rows = await selectSummaries(db)
    .where('recordings.expires_at', '<', new Date(ms))
    .where('recordings.state', 'in', OPEN_STATES)
    .orderBy('recordings.expires_at')
    .limit(limit)
    .execute();
  return rows.map(summaryOf);
}
