import type { ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { CliError } from '../failure/errors.ts';
import type { Selection } from '../options/recordings.ts';
import { count } from '../terminal/format-values.ts';
import { shellQuote } from '../terminal/shell-quote.ts';
import type { ConnectedToCall } from './connect-to-stream.ts';

/**
 * The raw recordings of a call that are meant, the earliest first; at least one.
 *
 * @throws CliError ERR_NO_SUCH_RECORDING, ERR_AMBIGUOUS_RECORDING
 */
export async function selectRecordings(
  { control, library, call }: ConnectedToCall,
  selection: Selection,
  { signal, stderr }: Pick<Context, 'signal' | 'stderr'>,
): Promise<readonly ListedRecording[]> {
  const onUnusable = (what: string) => stderr.write(`Skipped an unusable entry: ${what}\n`);
  const listed = await control.list(call, { onUnusable, signal });
  const selected = select(listed, selection);
  const name = library.formatCallRef(call);
  const where = `List all: rawreel recording list ${shellQuote(name)}`;
  if (selected.length === 0) {
    if (listed.length === 0) throw noneReady(name);
    throw new CliError(`no raw recording of ${printable(name)} has ${described(selection)}`, {
      code: 'ERR_NO_SUCH_RECORDING',
      hints: [...(await nearest(selection, listed)), where],
    });
  }
  if (selection.which === 'named' && selection.filename !== undefined && selected.length > 1) {
    throw new CliError(`${count(selected.length, 'session')} have a recording of that name`, {
      code: 'ERR_AMBIGUOUS_RECORDING',
      hints: ['Select one with --session.', where],
    });
  }
  return selected;
}

function select(listed: readonly ListedRecording[], selection: Selection): readonly ListedRecording[] {
  if (selection.which !== 'named') return selection.which === 'all' ? listed : listed.slice(-1);
  return listed.filter(
    ({ session, filename }) =>
      (selection.session === undefined || session === selection.session) &&
      (selection.filename === undefined || filename === selection.filename),
  );
}

function noneReady(call: string): CliError {
  return new CliError(`no raw recording of ${printable(call)} is ready`, {
    code: 'ERR_NO_SUCH_RECORDING',
    hints: [`Wait for one that has just stopped: rawreel recording wait ${shellQuote(call)}`],
  });
}

function described(selection: Selection): string {
  if (selection.which !== 'named') return 'that';
  const { session, filename } = selection;
  const facts = [
    ...(session === undefined ? [] : [`the session "${printable(session)}"`]),
    ...(filename === undefined ? [] : [`the name "${printable(filename)}"`]),
  ];
  return facts.join(' and ');
}

async function nearest(selection: Selection, listed: readonly ListedRecording[]): Promise<string[]> {
  if (selection.which !== 'named') return [];
  const { closest } = await import('../failure/did-you-mean.ts');
  const near = [
    selection.session && closest(selection.session, [...new Set(listed.map(({ session }) => session))]),
    selection.filename && closest(selection.filename, [...new Set(listed.map(({ filename }) => filename))]),
  ].filter((each) => each && each !== selection.session && each !== selection.filename);
  return near.map((each) => `Did you mean "${printable(each ?? '')}"?`);
}
