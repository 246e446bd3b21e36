import { Piscina } from 'piscina';
import { uncarry } from '../jobs/carried.ts';
import type { JobEvents } from '../jobs/job.ts';
import type { ProgressEvent } from '../jobs/progress.ts';
import type { Workers } from './workers.ts';

/** A thread inflates in place: it has nothing to wait for while another job could go on. */
const JOBS_PER_THREAD = 1;

/** In threads of their own; an abort ends them. */
export function workInThreads(threads: number, { signal, onProgress }: JobEvents): Workers {
  signal?.throwIfAborted();
  const pool = new Piscina({
    filename: new URL('../jobs/worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: JOBS_PER_THREAD,
    // Without a limit V8 lets the young generation grow instead of collecting it, and the old one to four times what lives in
    // it before it looks for garbage; below 2 GB, to less than twice. A day of sound needs a quarter of it.
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 },
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
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', stop);
      await stop();
    },
  };
}
