import { availableParallelism } from 'node:os';
import { dumpBytesOfAll, type JobEvents } from '../jobs/job.ts';
import type { PlannedTrack } from '../plan/plan.ts';
import { type Workers, workHere } from './workers.ts';

/** Less than this is done before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 24 * 2 ** 20;

/** As many threads as are worth it for these tracks, or none. */
export async function startWorkers(
  tracks: readonly PlannedTrack[],
  wanted: number | undefined,
  events: JobEvents,
): Promise<Workers> {
  const worth = dumpBytesOfAll(tracks) < THREADS_WORTH_BYTES ? 1 : availableParallelism();
  const threads = Math.min(wanted ?? worth, tracks.length);
  if (threads <= 1) return workHere(events);
  const { workInThreads } = await import('./threads.ts');
  return workInThreads(threads, events);
}
