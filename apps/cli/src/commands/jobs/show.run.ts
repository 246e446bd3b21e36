import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToService } from '../../jobs/connect-to-service.ts';
import type { JobFact, JobWithHistory } from '../../jobs/job.ts';
import { detailOf, factWords, shownTime, whoSaid } from '../../jobs/job-text.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import { widthOf } from '../../terminal/width.ts';
import type { jobsShow } from './show.ts';

export const run: Run<typeof jobsShow> = async (options, context) => {
  const api = await connectToService(options, context);
  const job = await api.show(options.id);
  const { stdout, env } = context;
  if (options.json) {
    stdout.write(jsonText(job));
    return EXIT.whole;
  }
  const { bold } = coloursFor(stdout, env);
  const [heading = '', ...rows] = renderTable(COLUMNS, job.facts, widthOf(stdout)).lines;
  const facts = linesOf(job).map(([name, value]) => `  ${`${name}`.padEnd(10)}${printable(value)}`);
  const head = bold(`${printable(job.call)}  ${printable(job.state)}`);
  stdout.write(`${[head, ...facts, '', bold(heading), ...rows].join('\n')}\n`);
  return EXIT.whole;
};

/** What is known, each with its name. */
function linesOf(job: JobWithHistory): [name: string, value: string][] {
  const { id, apiKey, egressId, sessionId, filename, beginsAt, endsAt, expiresAt, holds } = job;
  const recorded = [beginsAt, endsAt].map((time) => time && shownTime(time));
  const lines: [string, string | undefined][] = [
    ['id', id],
    ['app', apiKey],
    ['egress', egressId],
    ['session', sessionId],
    ['file', filename],
    ['recorded', beginsAt && `${recorded[0]} to ${recorded[1] ?? 'now'}`],
    ['expires', expiresAt && shownTime(expiresAt)],
    ['now', detailOf(job, Date.now()) || undefined],
    ...holds.map(({ worker, why }): [string, string] => ['waits', `${worker}: ${why}`]),
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

const COLUMNS: readonly Column<JobFact>[] = [
  { title: 'WHEN', cell: ({ at }) => shownTime(at) },
  { title: 'WHAT', cell: (fact) => printable(factWords(fact)) },
  { title: 'SAID BY', goes: 1, cell: (fact) => printable(whoSaid(fact)) },
];
