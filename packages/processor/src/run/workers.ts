import { Piscina } from 'piscina';
import type { JobEvents } from './job.ts';
import type { ProgressEvent } from './progress.ts';
import { type ScanJob, type ScanResult, scanJob } from './scan-job.ts';
import { throttled } from './throttle.ts';
import { type WriteJob, type WriteResult, writeJob } from './write-job.ts';

/** Where jobs are done. */
export interface Workers extends AsyncDisposable {
  scan(job: ScanJob): Promise<ScanResult>;
  write(job: WriteJob): Promise<WriteResult>;
}

/** Inflating goes on in zlib's own thread: while one track waits for it, the thread writes the other. An eighth faster. */
const JOBS_PER_THREAD = 2;

/** In this thread, one job after another. */
export function workHere(events: JobEvents): Workers {
  const own = { ...events, onProgress: throttled(events.onProgress) };
  let last: Promise<unknown> = Promise.resolve();
  const queued = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    scan: (job) => queued(() => scanJob(job, own)),
    write: (job) => queued(() => writeJob(job, own)),
    [Symbol.asyncDispose]: async () => void (await last),
  };
}

/** In threads of their own; an abort ends them. */
export function workInThreads(threads: number, { signal, onProgress }: JobEvents): Workers {
  signal?.throwIfAborted();
  const pool = new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: JOBS_PER_THREAD,
    // A worker holds two tracks' windows; without a limit V8 lets its young generation grow instead of collecting it.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
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
    scan: (job) => pool.run(job, { name: 'scan' }),
    write: (job) => pool.run(job, { name: 'write' }),
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', stop);
      await stop();
    },
  };
}
