import type { Run } from '../../declare/command.ts';
import { changeJob } from '../../jobs/change-job.ts';
import type { jobsCancel } from './cancel.ts';

export const run: Run<typeof jobsCancel> = (options, context) => changeJob('cancel', options, context);
