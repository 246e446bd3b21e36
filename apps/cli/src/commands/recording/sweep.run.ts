import { jsonText } from '@rawreel/text';
import type { Context, Interruption } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import { EXIT, worst } from '../../exit-codes.ts';
import { CliError, UsageError } from '../../failure/errors.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import { findRecordings } from '../../sweep/find-recordings.ts';
import { asJson, print } from '../../sweep/sweep-report.ts';
import { sweepSettings } from '../../sweep/sweep-settings.ts';
import { type SweptRecording, sweptTable } from '../../sweep/sweep-types.ts';
import { planned, workOf, workThrough } from '../../sweep/sweep-work.ts';
import { count } from '../../terminal/format-values.ts';
import { canPrompt, prompt } from '../../terminal/prompt.ts';
import { widthOf } from '../../terminal/width.ts';
import type { recordingSweep } from './sweep.ts';

/** Lists first, then works: what is to be done is known and shown before any of it is done. */
export const run: Run<typeof recordingSweep> = async (options, context, program) => {
  const settings = sweepSettings(options);
  const { action, isDryRun } = settings;
  const { stdout, signal } = context;
  const isAsking = action === 'delete' && !isDryRun && !options.yes;
  if (isAsking && !canPrompt(context)) {
    throw new UsageError('cannot ask for confirmation: this is not a terminal', [
      'Delete without confirmation: --yes',
    ]);
  }
  const connected = await connect(options, context);
  const found = await findRecordings(settings, connected, context);
  if (isAsking && found.recordings.length > 0) await confirm(found.recordings, context);
  const work = isDryRun ? planned(settings) : await workOf(settings, connected, context, program);
  const outcomes = await workThrough(found.recordings, work, settings, context);
  if (options.json) stdout.write(jsonText(asJson(settings, found, outcomes)));
  else print(settings, found, outcomes, context);
  if (signal.aborted) return (signal.reason as Interruption).exitCode;
  const listing = found.failures.length > 0 ? EXIT.failed : EXIT.whole;
  return worst([listing, ...outcomes.map(({ exitCode }) => exitCode)]);
};

async function confirm(recordings: readonly SweptRecording[], context: Context): Promise<void> {
  context.stderr.write(`${sweptTable(recordings, widthOf(context.stderr)).join('\n')}\n`);
  const answer = await prompt(`Delete ${count(recordings.length, 'recording')} for good? [y/N] `, context);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CliError('nothing was deleted', { code: 'ERR_NOT_CONFIRMED' });
}
