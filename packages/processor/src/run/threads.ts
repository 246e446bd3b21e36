import { Piscina } from 'piscina';
import { uncarry } from '../jobs/carried.ts';
import type { JobEvents } from '../jobs/job.ts';
import type { ProgressEvent } from '../jobs/progress.ts';
import type { DecodeJob } from '../jobs/worker.ts';
import type { Workers } from './workers.ts';

/** A thread inflates in place: it has nothing to wait for while another job could go on. */
const JOBS_PER_THREAD = 1;

/** What threads do, one job each at a time. */
export interface Threads extends Pick<Workers, 'scan' | 'write'>, AsyncDisposable {
  decode(job: DecodeJob): Promise<void>;
}

/**
 * MB of a thread's young generation, by what it is started for. Of sound, packets wait for their window: a small one is as good
 * as a large one.
 */
const YOUNG_GENERATION_MB = { tracks: 8, sound: 3 } as const;

export type ThreadWork = keyof typeof YOUNG_GENERATION_MB;

/**
 * Starts threads that load their code once, whatever they are given to do; an abort ends them.
 *
 * @param work what they are given first
 */
export function startThreads(count: number, work: ThreadWork, { signal, onProgress }: JobEvents): Threads {
  signal?.throwIfAborted();
  const pool = new Piscina({
    filename: new URL('../jobs/worker.js', import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: JOBS_PER_THREAD,
    // Without a limit V8 lets the young generation grow instead of collecting it, and the old one to four times what lives in
    // it before it looks for garbage; below 2 GB, to less than twice. A day of sound needs a quarter of it.
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB[work], maxOldGenerationSizeMb: 1024 },
  });
  pool.on('message', (event: ProgressEvent) => onProgress(event));
  // Not a signal per job: the pool gives a thread no second job beside one that can be aborted.
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= pool.destroy();
    return stopped;
  };
  signal?.addEventListener('abort', stop, { once: true });
  return {
    scan: (job) => uncarry(pool.run(job, { name: 'scan' })),
    write: (job) => uncarry(pool.run(job, { name: 'write' })),
    decode: (job) => pool.run(job, { name: 'decode', transferList: [job.port] }),
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', stop);
      await stop();
    },
  };
}
