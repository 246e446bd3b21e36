import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError } from '../../failure/errors.ts';
import { explain } from '../../failure/explain-error.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import type { grantsSet } from './set.ts';

export const run: Run<typeof grantsSet> = async (options, context) => {
  const { control, library } = await connect(options, context);
  const { callType, role, capabilities, json } = options;
  const { stdout, signal } = context;
  const change = await control.grants
    .set(callType, role, capabilities, { signal })
    .catch((error: unknown) => withGuess(error, capabilities, library.RECORDING_CAPABILITIES));
  if (json) stdout.write(jsonText(change));
  else {
    const of = `${printable(role)} in call type ${printable(callType)}`;
    if (change.state === 'unchanged') stdout.write(`${of}: unchanged\n  ${listed(change.after)}\n`);
    else stdout.write(`${of}: changed\n- ${listed(change.before)}\n+ ${listed(change.after)}\n`);
  }
  return EXIT.whole;
};

/** For an unknown capability: the one that was most likely meant. */
async function withGuess(
  error: unknown,
  capabilities: readonly string[],
  known: readonly string[],
): Promise<never> {
  const { message, hints, ...facts } = explain(error);
  const { closest } = await import('../../failure/did-you-mean.ts');
  const guesses = capabilities
    .filter((each) => message.includes(`"${printable(each)}"`))
    .flatMap((each) => closest(each, known) ?? []);
  if (facts.code !== 'ERR_BAD_REQUEST' || guesses.length === 0) throw error;
  throw new CliError(message, {
    ...facts,
    hints: [...guesses.map((guess) => `Did you mean ${guess}?`), ...hints],
    cause: error,
  });
}

const listed = (capabilities: readonly string[]): string => printable(capabilities.join(', ')) || 'nothing';
