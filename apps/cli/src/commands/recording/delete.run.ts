import type { ListedRecording, RecordingControlError } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../../context.ts';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError, UsageError } from '../../failure/errors.ts';
import { asError, explain } from '../../failure/explain-error.ts';
import { selectionOf } from '../../options/recordings.ts';
import { type ConnectedToCall, connectToCall } from '../../stream/connect-to-stream.ts';
import { recordingTable } from '../../stream/recording-table.ts';
import { selectRecordings } from '../../stream/select-recordings.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/format-values.ts';
import { canPrompt, prompt } from '../../terminal/prompt.ts';
import { widthOf } from '../../terminal/width.ts';
import type { recordingDelete } from './delete.ts';

interface Outcome {
  readonly recording: ListedRecording;
  readonly state: 'deleted' | 'notThere' | 'failed';
  readonly error?: RecordingControlError;
}

export const run: Run<typeof recordingDelete> = async (options, context) => {
  const { yes: isConfirmed, call, json } = options;
  const selection = selectionOf(options);
  if (!isConfirmed && !canPrompt(context)) {
    throw new UsageError('cannot ask for confirmation: this is not a terminal', [
      'Delete without confirmation: --yes',
    ]);
  }
  const connected = await connectToCall(options, context);
  const selected = await selectRecordings(connected, selection, context);
  if (!isConfirmed) await confirm(selected, call, context);
  const outcomes: Outcome[] = [];
  for (const recording of selected) {
    context.signal.throwIfAborted();
    outcomes.push(await deleteOne(recording, connected, context.signal));
  }
  if (json) context.stdout.write(jsonText(outcomes.map(outcomeAsJson)));
  else print(outcomes, call, context);
  return outcomes.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.whole;
};

async function confirm(selected: readonly ListedRecording[], call: string, context: Context): Promise<void> {
  const options = { width: widthOf(context.stderr), now: Date.now(), withTypes: false };
  const { lines } = recordingTable(selected, options);
  context.stderr.write(`${lines.join('\n')}\n`);
  const what = `${count(selected.length, 'recording')} of ${printable(call)}`;
  const answer = await prompt(`Delete ${what} for good? [y/N] `, context);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CliError('nothing was deleted', { code: 'ERR_NOT_CONFIRMED' });
}

/** A failure does not stop the others. */
async function deleteOne(
  recording: ListedRecording,
  { control, call }: ConnectedToCall,
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

function print(outcomes: readonly Outcome[], call: string, context: Context): void {
  const { stdout, stderr, env } = context;
  const gone = outcomes.filter(({ state }) => state !== 'failed');
  const total = count(outcomes.length, 'recording');
  const amount = gone.length === outcomes.length ? total : `${gone.length} of ${total}`;
  const lines = gone.map(({ recording: { filename }, state }) => {
    return `  ${printable(filename)}${state === 'notThere' ? ' (already deleted)' : ''}`;
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
