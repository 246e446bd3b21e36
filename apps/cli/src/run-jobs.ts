import { jobSettings, listJobsSettings, watchJobsSettings } from './declare/jobs-settings.ts';
import type { ParsedOptions } from './declare/parse.ts';
import type { CommandName } from './declare/spec.ts';
import type { Surroundings } from './surroundings.ts';

type JobsCommand = Extract<CommandName, `jobs ${string}`>;

/** What is asked of a service. As everywhere, a command's code is loaded when it is the one to run. */
export async function runJobs(
  name: JobsCommand,
  { options, argument = '' }: { readonly options: ParsedOptions; readonly argument?: string },
  around: Surroundings,
): Promise<number> {
  switch (name) {
    case 'jobs list': {
      const settings = listJobsSettings(options);
      return (await import('./commands/jobs/list.ts')).listJobs(settings, around);
    }
    case 'jobs show': {
      const settings = jobSettings(argument, options);
      return (await import('./commands/jobs/show.ts')).showJob(settings, around);
    }
    case 'jobs retry': {
      const settings = jobSettings(argument, options);
      return (await import('./commands/jobs/ask.ts')).retryJob(settings, around);
    }
    case 'jobs cancel': {
      const settings = jobSettings(argument, options);
      return (await import('./commands/jobs/ask.ts')).cancelJob(settings, around);
    }
    case 'jobs watch': {
      const settings = watchJobsSettings(options);
      return (await import('./commands/jobs/watch.ts')).watchJobs(settings, around);
    }
    default:
      return name satisfies never;
  }
}
