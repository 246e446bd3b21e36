import { parentPort } from 'node:worker_threads';
import { carry } from './carried.ts';
import type { ProgressEvent } from './progress.ts';
import { type ScanJob, type ScanResult, scanJob } from './scan-job.ts';
import { throttled } from './throttle.ts';
import { type WriteJob, type WriteResult, writeJob } from './write-job.ts';

// Run in worker threads; progress goes out as messages.

const onProgress = () => throttled((event: ProgressEvent) => parentPort?.postMessage(event));

export const scan = (job: ScanJob) => carry<ScanResult>(scanJob(job, { onProgress: onProgress() }));

export const write = (job: WriteJob) => carry<WriteResult>(writeJob(job, { onProgress: onProgress() }));
