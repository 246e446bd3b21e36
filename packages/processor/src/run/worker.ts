import { parentPort } from 'node:worker_threads';
import { makeTrack } from './make-track.ts';
import type { ProgressEvent } from './progress.ts';
import { throttled } from './throttle.ts';
import type { TrackJob, TrackResult } from './track-job.ts';

/** Runs in a worker thread: makes one output, telling its progress as messages. */
export async function runJob(job: TrackJob): Promise<TrackResult> {
  return await makeTrack(job, {
    onProgress: throttled((event: ProgressEvent) => parentPort?.postMessage(event)),
  });
}
