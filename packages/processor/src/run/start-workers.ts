import { availableParallelism } from 'node:os';
import { dumpBytesOfAll, type JobEvents } from '../jobs/job.ts';
import type { PlannedOutput, PlannedTrack } from '../plan/plan.ts';
import { type Workers, workHere } from './workers.ts';

/** Less than this is done before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 24 * 2 ** 20;

/**
 * As many threads as are worth it, or none.
 *
 * @param outputs what is made of the tracks, where they are not only read
 */
export async function startWorkers(
  tracks: readonly PlannedTrack[],
  wanted: number | undefined,
  events: JobEvents,
  outputs: readonly PlannedOutput[] = [],
): Promise<Workers> {
  const threads = Math.min(wanted ?? threadsWorth(tracks, outputs), tracks.length);
  if (threads <= 1) return workHere(events);
  const { workInThreads } = await import('./threads.ts');
  return workInThreads(threads, events);
}

/** What threads leave of their memory stays with the process: for a film, which takes a hundred times as long as its scan, none are worth it. */
export function threadsWorth(
  tracks: readonly PlannedTrack[],
  outputs: readonly PlannedOutput[],
  processors = availableParallelism(),
): number {
  return isOneFilm(outputs) || dumpBytesOfAll(tracks) < THREADS_WORTH_BYTES ? 1 : processors;
}

const FILM: ReadonlySet<PlannedOutput['kind']> = new Set(['composite', 'captions', 'chapters', 'scenes']);

const isOneFilm = (outputs: readonly PlannedOutput[]): boolean =>
  outputs.some(({ kind }) => kind === 'composite') && outputs.every(({ kind }) => FILM.has(kind));
