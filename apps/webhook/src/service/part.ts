import type { Jobs, StopOptions } from '@rawreel/jobs';
import type { Config } from '../config/config.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Log } from './log.ts';

/** What every part of the service gets. */
export interface ServiceContext {
  readonly jobs: Jobs;
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What must be in no text that leaves the service. */
  readonly secrets: readonly string[];
  /** `rawreel-webhook 0.1.0` */
  readonly madeBy: string;
  /** What goes wrong beside any request or recording. */
  readonly onError: (error: unknown) => void;
}

/** A part of the service, which runs until it is stopped. */
export interface Part {
  stop(times: StopOptions): Promise<void>;
}
