import type { ListedRecording, RecordingControlError } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import { chosenRecordings } from '../../control/chosen.ts';
import { connectToCall } from '../../control/connect.ts';
import { recordingTable } from '../../control/recording-table.ts';
import type { DeleteSettings } from '../../declare/control-settings.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError, UsageError } from '../../failure/errors.ts';
import { asError, explain } from '../../failure/explain.ts';
import type { Surroundings } from '../../surroundings.ts';
import { ask, canAsk } from '../../terminal/ask.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/units.ts';
import { widthOf } from '../../terminal/width.ts';

interface Outcome {
  readonly recording: ListedRecording;
  readonly state: 'deleted' | 'notThere' | 'failed';
  readonly error?: RecordingControlError;
}

export async function deleteRecordings(settings: DeleteSettings, around: Surroundings): Promise<number> {
  if (!settings.isConfirmed && !canAsk(around)) {
    throw new UsageError('there is nobody to ask whether to delete', ['To delete without asking: --yes']);
  }
  const connected = await connectToCall(settings, around);
  const chosen = await chosenRecordings(connected, settings.choice, around);
  if (!settings.isConfirmed) await confirm(chosen, settings.call, around);
  const outcomes: Outcome[] = [];
  for (const recording of chosen) {
    around.signal.throwIfAborted();
    outcomes.push(await deleteOne(recording, connected, around.signal));
  }
  if (settings.json) around.stdout.write(jsonText(outcomes.map(outcomeAsJson)));
  else print(outcomes, settings.call, around);
  return outcomes.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.whole;
}

async function confirm(
  chosen: readonly ListedRecording[],
  call: string,
  around: Surroundings,
): Promise<void> {
  const options = { width: widthOf(around.stderr), now: Date.now(), withTypes: false };
  const { lines } = recordingTable(chosen, options);
  around.stderr.write(`${lines.join('\n')}\n`);
  const what = `${count(chosen.length, 'recording')} of ${printable(call)}`;
  const answer = await ask(`Delete ${what} for good? [y/N] `, around);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CliError('nothing was deleted', { code: 'ERR_NOT_CONFIRMED' });
}

/** One that fails keeps none of the others back. */
async function deleteOne(
  recording: ListedRecording,
  { control, call }: Awaited<ReturnType<typeof connectToCall>>,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    return { recording, ...(await control.delete(call, recording, { signal })) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { recording, state: 'failed', error: error as RecordingControlError };
  }
}

function outcomeAsJson({ recording: { session, filename }, state, error }: Outcome) {
  return { session, filename, state, ...(error && { error: asError(explain(error)) }) };
}

function print(outcomes: readonly Outcome[], call: string, around: Surroundings): void {
  const { stdout, stderr, env } = around;
  const gone = outcomes.filter(({ state }) => state !== 'failed');
  const total = count(outcomes.length, 'recording');
  const amount = gone.length === outcomes.length ? total : `${gone.length} of ${total}`;
  const lines = gone.map(({ recording: { filename }, state }) => {
    return `  ${printable(filename)}${state === 'notThere' ? ' (was gone already)' : ''}`;
  });
  stdout.write(`${[`Deleted ${amount} of ${printable(call)}`, ...lines].join('\n')}\n`);
  const { red } = coloursFor(stderr, env);
  for (const { error } of outcomes) {
    if (error)
      stderr.write(
        `${red('rawreel:')} ${[error.message, error.hint].filter(Boolean).map(printable).join('\n  ')}\n`,
      );
  }
}
