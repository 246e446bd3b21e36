import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import type { OptionsOf } from '../../declare/option.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToService } from '../../jobs/connect-to-service.ts';
import type { Job } from '../../jobs/job.ts';
import { detailOf, shownTime } from '../../jobs/job-text.ts';
import type { JobsApi } from '../../jobs/jobs-api.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/format-values.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import { widthOf } from '../../terminal/width.ts';
import type { jobsList } from './list.ts';

const LARGEST_PAGE = 1000;

export const run: Run<typeof jobsList> = async (options, context) => {
  const api = await connectToService(options, context);
  const { jobs, isAll } = await pagesOf(api, options);
  const { stdout, stderr, env } = context;
  if (options.json) {
    stdout.write(jsonText(jobs));
    return EXIT.whole;
  }
  const { bold } = coloursFor(stdout, env);
  const { dim } = coloursFor(stderr, env);
  const { lines, dropped } = renderTable(columnsAt(Date.now()), jobs, widthOf(stdout));
  const [heading = '', ...rows] = lines;
  const table = jobs.length === 0 ? [] : ['', bold(heading), ...rows];
  stdout.write(`${[bold(count(jobs.length, 'recording')), ...table].join('\n')}\n`);
  if (jobs.length > 0 && dropped.length > 0)
    stderr.write(dim(`Hidden columns (use a wider terminal or --json): ${dropped.join(', ')}\n`));
  if (!isAll) stderr.write(dim(`More are available: --limit ${options.limit * 10}\n`));
  return EXIT.whole;
};

async function pagesOf(
  api: JobsApi,
  { state, call, since, limit }: OptionsOf<typeof jobsList.options>,
): Promise<{ readonly jobs: readonly Job[]; readonly isAll: boolean }> {
  const jobs: Job[] = [];
  let before: string | undefined;
  do {
    const page = await api.list({
      state,
      call,
      since: since?.toISOString(),
      before,
      limit: Math.min(LARGEST_PAGE, limit - jobs.length),
    });
    jobs.push(...page.recordings);
    before = page.next;
  } while (before !== undefined && jobs.length < limit);
  return { jobs, isAll: before === undefined };
}

const columnsAt = (now: number): readonly Column<Job>[] => [
  { title: 'ID', cell: ({ id }) => printable(id) },
  { title: 'CALL', cell: ({ call }) => printable(call) },
  { title: 'STATE', cell: ({ state }) => printable(state) },
  { title: 'SINCE', goes: 2, cell: ({ since }) => shownTime(since) },
  { title: 'ATTEMPT', goes: 1, align: 'right', cell: ({ attempt }) => printable(String(attempt)) },
  { title: 'DETAILS', goes: 3, cell: (job) => printable(detailOf(job, now)) },
];
