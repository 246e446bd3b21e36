import { jsonText } from '@rawreel/text';
import { connect } from '../../../control/connect.ts';
import type { SweepSettings } from '../../../declare/control-settings.ts';
import { EXIT, worst } from '../../../exit-codes.ts';
import { CliError, UsageError } from '../../../failure/errors.ts';
import type { Interruption, Surroundings } from '../../../surroundings.ts';
import { ask, canAsk } from '../../../terminal/ask.ts';
import { count } from '../../../terminal/units.ts';
import { widthOf } from '../../../terminal/width.ts';
import { find } from './find.ts';
import { asJson, print } from './report.ts';
import { type Swept, table } from './swept.ts';
import { planned, workOf, workThrough } from './work.ts';

/** Lists first and works then: what is to be done is known, and said, before any of it is. */
export async function sweepRecordings(
  settings: SweepSettings,
  around: Surroundings,
  madeBy: string,
): Promise<number> {
  const { action, isDryRun, isConfirmed } = settings;
  const isDeleting = action === 'delete' && !isDryRun;
  if (isDeleting && !isConfirmed && !canAsk(around)) {
    throw new UsageError('there is nobody to ask whether to delete', ['To delete without asking: --yes']);
  }
  const connected = await connect(settings, around);
  const found = await find(settings, connected, around);
  if (isDeleting && !isConfirmed && found.recordings.length > 0) await confirm(found.recordings, around);
  const work = isDryRun ? planned(settings) : workOf(settings, connected, around, madeBy);
  const outcomes = await workThrough(found.recordings, await work, settings, around);
  if (settings.json) around.stdout.write(jsonText(asJson(settings, found, outcomes)));
  else print(settings, found, outcomes, around);
  if (around.signal.aborted) return (around.signal.reason as Interruption).exitCode;
  const listing = found.failures.length > 0 ? EXIT.failed : EXIT.whole;
  return worst([listing, ...outcomes.map(({ exitCode }) => exitCode)]);
}

async function confirm(recordings: readonly Swept[], around: Surroundings): Promise<void> {
  around.stderr.write(`${table(recordings, widthOf(around.stderr)).join('\n')}\n`);
  const answer = await ask(`Delete ${count(recordings.length, 'recording')} for good? [y/N] `, around);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CliError('nothing was deleted', { code: 'ERR_NOT_CONFIRMED' });
}
