import type { Run } from '../../declare/command.ts';
import { changeJob } from '../../jobs/change-job.ts';
import type { jobsRetry } from './retry.ts';

export const run: Run<typeof jobsRetry> = (options, context) => changeJob('retry', options, context);
