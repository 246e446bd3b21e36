import { availableParallelism } from 'node:os';
import { dumpBytesOfAll, type JobEvents } from '../jobs/job.ts';
import type { PlannedTrack } from '../plan/plan.ts';
import type { Threads } from './threads.ts';
import { type Workers, workHere } from './workers.ts';

/** Less than this is done before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 24 * 2 ** 20;

/**
 * What does the work on these tracks: one set of threads, started when there is first something that is worth them, or this
 * thread.
 *
 * @param wanted threads; default: one per processor, where there is enough to do
 */
export function startWorkers(
  tracks: readonly PlannedTrack[],
  wanted: number | undefined,
  events: JobEvents,
): Workers {
  const here = workHere(events);
  if (wanted === 1) return here;
  const count = Math.min(wanted ?? availableParallelism(), tracks.length);
  let started: Promise<Threads> | undefined;
  const threads = (): Promise<Threads> => {
    started ??= import('./threads.ts').then(({ startThreads }) => startThreads(count, events));
    return started;
  };
  const end = async (): Promise<void> => {
    const ending = started?.catch(() => undefined);
    started = undefined;
    await (await ending)?.[Symbol.asyncDispose]();
  };
  const isAskedFor = wanted !== undefined;
  const areWorth = count > 1 && (isAskedFor || dumpBytesOfAll(tracks) >= THREADS_WORTH_BYTES);
  return {
    scan: areWorth ? async (job) => (await threads()).scan(job) : here.scan,
    write: areWorth ? async (job) => (await threads()).write(job) : here.write,
    decoding: {
      count,
      isAskedFor,
      serve: async (bus, port) => (await threads()).decode({ bus, port }),
      rest: end,
    },
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]();
      await end();
    },
  };
}
