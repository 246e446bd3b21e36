import { setTimeout as pause } from 'node:timers/promises';
import { jsonLine } from '@rawreel/text';
import type { Interruption } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import { connectToService } from '../../jobs/connect-to-service.ts';
import type { Job } from '../../jobs/job.ts';
import { Changes } from '../../jobs/job-changes.ts';
import { changeLine } from '../../jobs/job-text.ts';
import { isPassing } from '../../jobs/jobs-api.ts';
import type { jobsWatch } from './watch.ts';

const EVERY_MS = 2000;

/** A line per change, until it is interrupted: there is no other end, but for a service that refuses. */
export const run: Run<typeof jobsWatch> = async (options, context) => {
  const { signal, stdout, stderr } = context;
  const changes = new Changes(await connectToService(options, context), options.call);
  const isMeant = ({ state }: Job) => options.state === undefined || state === options.state;
  if (stderr.isTTY) stderr.write('Press Ctrl-C to stop.\n');
  let isAnswered = true;
  try {
    for (;;) {
      try {
        for (const job of (await changes.look()).filter(isMeant))
          stdout.write(
            options.json ? jsonLine(job) : `${clockOf(job.since)}  ${changeLine(job, Date.now())}\n`,
          );
        if (!isAnswered) stderr.write('The service answers again.\n');
        isAnswered = true;
      } catch (error) {
        if (signal.aborted || !isPassing(error)) throw error;
        if (isAnswered) stderr.write(`${(error as Error).message}. Retrying.\n`);
        isAnswered = false;
      }
      await pause(EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return (signal.reason as Interruption).exitCode;
  }
};

/** As on this machine's clock: `09:30:02` */
const clockOf = (time: string): string => new Date(time).toTimeString().slice(0, 8);
