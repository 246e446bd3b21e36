import { type MessagePort, parentPort } from 'node:worker_threads';
import type { BusOptions } from '../mix/mix-bus.ts';
import { carry } from './carried.ts';
import type { ProgressEvent } from './progress.ts';
import type { ScanJob, ScanResult } from './scan-job.ts';
import { throttled } from './throttle.ts';
import type { WriteJob, WriteResult } from './write-job.ts';

// What threads do: each loads the code of a job with the first of its kind. Progress goes out as messages.

const events = () => ({ onProgress: throttled((event: ProgressEvent) => parentPort?.postMessage(event)) });

export async function scan(job: ScanJob) {
  const { scanJob } = await import('./scan-job.ts');
  return await carry<ScanResult>(scanJob(job, events()));
}

export async function write(job: WriteJob) {
  const { writeJob } = await import('./write-job.ts');
  return await carry<WriteResult>(writeJob(job, events()));
}

/** A thread's share of what is mixed, asked for window by window through the port. */
export interface DecodeJob {
  readonly bus: BusOptions;
  readonly port: MessagePort;
}

export async function decode({ bus, port }: DecodeJob): Promise<void> {
  const { serveBus } = await import('../mix/serve-bus.ts');
  await serveBus(bus, port);
}
