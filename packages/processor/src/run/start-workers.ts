import { availableParallelism } from 'node:os';
import { dumpBytesOfAll, type JobEvents } from '../jobs/job.ts';
import type { PlannedOutput, PlannedTrack } from '../plan/plan.ts';
import type { Threads, ThreadWork } from './threads.ts';
import { type Workers, workHere } from './workers.ts';

/** Less than this is done before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 24 * 2 ** 20;

/**
 * What does the work on these tracks: one set of threads, started when there is first something that is worth them, or this
 * thread.
 *
 * @param wanted threads; default: one per processor, where there is enough to do
 * @param outputs what is made of the tracks, where they are not only read
 */
export function startWorkers(
  tracks: readonly PlannedTrack[],
  wanted: number | undefined,
  events: JobEvents,
  outputs: readonly PlannedOutput[] = [],
): Workers {
  const here = workHere(events);
  if (wanted === 1) return here;
  const count = Math.min(wanted ?? availableParallelism(), tracks.length);
  let started: Promise<Threads> | undefined;
  const threads = (work: ThreadWork): Promise<Threads> => {
    started ??= import('./threads.ts').then(({ startThreads }) => startThreads(count, work, events));
    return started;
  };
  const end = async (): Promise<void> => {
    const ending = started?.catch(() => undefined);
    started = undefined;
    await (await ending)?.[Symbol.asyncDispose]();
  };
  const isAskedFor = wanted !== undefined;
  const areUsed = count > 1 && (isAskedFor || areThreadsWorth(tracks, outputs));
  return {
    scan: areUsed ? async (job) => (await threads('tracks')).scan(job) : here.scan,
    write: areUsed ? async (job) => (await threads('tracks')).write(job) : here.write,
    decoding: {
      count,
      isAskedFor,
      serve: async (bus, port) => (await threads('sound')).decode({ bus, port }),
      rest: end,
    },
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]();
      await end();
    },
  };
}

/**
 * What threads leave of their memory stays with the process: for a film, which takes a hundred times as long as its scan, none
 * are worth it.
 */
export const areThreadsWorth = (
  tracks: readonly PlannedTrack[],
  outputs: readonly PlannedOutput[],
): boolean => !isOneFilm(outputs) && dumpBytesOfAll(tracks) >= THREADS_WORTH_BYTES;

const FILM: ReadonlySet<PlannedOutput['kind']> = new Set(['composite', 'captions', 'chapters', 'scenes']);

const isOneFilm = (outputs: readonly PlannedOutput[]): boolean =>
  outputs.some(({ kind }) => kind === 'composite') && outputs.every(({ kind }) => FILM.has(kind));
