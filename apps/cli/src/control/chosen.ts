import type { CallRef, ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import type { Choice } from '../declare/control-settings.ts';
import { CliError } from '../failure/errors.ts';
import type { Surroundings } from '../surroundings.ts';
import { shellQuote } from '../terminal/shell-quote.ts';
import { count } from '../terminal/units.ts';
import type { Connected } from './connect.ts';

/**
 * The raw recordings of a call that are meant, the earliest first; at least one.
 *
 * @throws CliError ERR_NO_SUCH_RECORDING, ERR_AMBIGUOUS_RECORDING
 */
export async function chosenRecordings(
  { control, door, call }: Connected & { readonly call: CallRef },
  choice: Choice,
  { signal, stderr }: Pick<Surroundings, 'signal' | 'stderr'>,
): Promise<readonly ListedRecording[]> {
  const onUnusable = (what: string) => stderr.write(`Left out of the list: ${what}\n`);
  const listed = await control.list(call, { onUnusable, signal });
  const chosen = choose(listed, choice);
  const name = door.formatCallRef(call);
  const where = `All of them: rawreel recording list ${shellQuote(name)}`;
  if (chosen.length === 0) {
    if (listed.length === 0) throw noneReady(name);
    throw new CliError(`no raw recording of ${printable(name)} has ${described(choice)}`, {
      code: 'ERR_NO_SUCH_RECORDING',
      hints: [...(await nearest(choice, listed)), where],
    });
  }
  if (choice.which === 'named' && choice.filename !== undefined && chosen.length > 1) {
    throw new CliError(`${count(chosen.length, 'session')} have a recording of that name`, {
      code: 'ERR_AMBIGUOUS_RECORDING',
      hints: ['Say which with --session, too.', where],
    });
  }
  return chosen;
}

function choose(listed: readonly ListedRecording[], choice: Choice): readonly ListedRecording[] {
  if (choice.which === 'all') return listed;
  if (choice.which === 'latest') return listed.slice(-1);
  return listed.filter(
    ({ session, filename }) =>
      (choice.session === undefined || session === choice.session) &&
      (choice.filename === undefined || filename === choice.filename),
  );
}

function noneReady(call: string): CliError {
  return new CliError(`no raw recording of ${printable(call)} is ready`, {
    code: 'ERR_NO_SUCH_RECORDING',
    hints: [`One that has just been stopped can be waited for: rawreel recording wait ${shellQuote(call)}`],
  });
}

function described(choice: Choice): string {
  if (choice.which !== 'named') return 'that';
  const { session, filename } = choice;
  const facts = [
    ...(session === undefined ? [] : [`the session "${printable(session)}"`]),
    ...(filename === undefined ? [] : [`the name "${printable(filename)}"`]),
  ];
  return facts.join(' and ');
}

async function nearest(choice: Choice, listed: readonly ListedRecording[]): Promise<string[]> {
  if (choice.which !== 'named') return [];
  const { closest } = await import('../failure/did-you-mean.ts');
  const near = [
    choice.session && closest(choice.session, [...new Set(listed.map(({ session }) => session))]),
    choice.filename && closest(choice.filename, [...new Set(listed.map(({ filename }) => filename))]),
  ].filter((each) => each && each !== choice.session && each !== choice.filename);
  return near.map((each) => `Did you mean "${printable(each ?? '')}"?`);
}
