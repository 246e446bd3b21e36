import type { JobEvents } from '../jobs/job.ts';
import { type ScanJob, type ScanResult, scanJob } from '../jobs/scan-job.ts';
import { throttled } from '../jobs/throttle.ts';
import { type WriteJob, type WriteResult, writeJob } from '../jobs/write-job.ts';
import type { DecodingThreads } from '../mix/decoding-threads.ts';

/** Where jobs are done. */
export interface Workers extends AsyncDisposable {
  scan(job: ScanJob): Promise<ScanResult>;
  write(job: WriteJob): Promise<WriteResult>;
  /** What decodes sound; undefined where this thread does all. */
  readonly decoding?: DecodingThreads | undefined;
}

/** In this thread, one job after another. */
export function workHere(events: JobEvents): Workers {
  const own = { ...events, onProgress: throttled(events.onProgress) };
  let last: Promise<unknown> = Promise.resolve();
  const queued = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(() => {
      // Thousands of jobs that each find out for themselves take seconds.
      events.signal?.throwIfAborted();
      return work();
    });
    last = result.catch(() => undefined);
    return result;
  };
  return {
    scan: (job) => queued(() => scanJob(job, own)),
    write: (job) => queued(() => writeJob(job, own)),
    [Symbol.asyncDispose]: async () => void (await last),
  };
}
