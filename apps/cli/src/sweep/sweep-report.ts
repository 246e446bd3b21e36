import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { asError } from '../failure/explain-error.ts';
import { withoutLink } from '../stream/process-recording.ts';
import { coloursFor } from '../terminal/colour.ts';
import { count } from '../terminal/format-values.ts';
import { widthOf } from '../terminal/width.ts';
import type { SweepAction, SweepSettings } from './sweep-settings.ts';
import { type Found, type Outcome, type State, sweptTable } from './sweep-types.ts';

const DONE: Readonly<Record<State, string>> = {
  listed: '',
  downloaded: 'downloaded',
  processed: 'processed',
  deleted: 'deleted',
  alreadyThere: 'already there',
  notThere: 'already deleted',
  failed: 'failed',
  interrupted: 'not done (interrupted)',
};

const WOULD: Readonly<Record<SweepAction, string>> = {
  list: '',
  download: 'would be downloaded',
  process: 'would be processed',
  delete: 'would be deleted',
};

export function print(
  settings: SweepSettings,
  found: Found,
  outcomes: readonly Outcome[],
  context: Context,
): void {
  const { action, isDryRun } = settings;
  const { stdout, stderr, env } = context;
  const head = `${count(found.recordings.length, 'recording')} of ${count(found.calls, 'call')}`;
  if (!settings.isQuiet) {
    const { bold } = coloursFor(stdout, env);
    const lines = action === 'list' ? listLines(found, widthOf(stdout)) : [];
    const done = action === 'list' ? [] : outcomes.map((outcome) => doneLine(outcome, isDryRun, action));
    stdout.write(`${[bold(head), ...lines, ...done].join('\n')}\n`);
  }
  const { red } = coloursFor(stderr, env);
  const errors = [...found.failures, ...outcomes].flatMap(({ error }) => error ?? []);
  for (const { message, hints } of errors) {
    stderr.write(`${red('rawreel:')} ${[message, ...hints].join('\n  ')}\n`);
  }
}

function listLines({ recordings }: Found, width: number | undefined): readonly string[] {
  return recordings.length === 0 ? [] : ['', ...sweptTable(recordings, width)];
}

function doneLine({ recording, state, path }: Outcome, isDryRun: boolean, action: SweepAction): string {
  const words = isDryRun && state === 'listed' ? WOULD[action] : DONE[state];
  return `  ${words}  ${printable(path ?? `${recording.call} ${recording.filename}`)}`;
}

export function asJson(
  { action, since, until, isDryRun }: SweepSettings,
  { calls, failures }: Found,
  outcomes: readonly Outcome[],
) {
  return {
    action,
    isDryRun,
    since,
    until,
    calls,
    recordings: outcomes.map(({ recording, state, path, error }) => ({
      ...withoutLink(recording),
      state,
      path,
      error: error && asError(error),
    })),
    failed: failures.map(({ call, error }) => ({ call, error: asError(error) })),
  };
}
