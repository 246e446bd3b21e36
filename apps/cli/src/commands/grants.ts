import { jsonText, printable } from '@rawreel/text';
import { connect } from '../control/connect.ts';
import type { GrantsSettings, SetGrantsSettings } from '../declare/control-settings.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure/errors.ts';
import { explain } from '../failure/explain.ts';
import type { Surroundings } from '../surroundings.ts';
import { coloursFor } from '../terminal/colour.ts';
import { type Column, renderTable } from '../terminal/table.ts';

interface RoleGrants {
  readonly role: string;
  readonly capabilities: readonly string[];
}

const COLUMNS: readonly Column<RoleGrants>[] = [
  { title: 'ROLE', cell: ({ role }) => printable(role) },
  { title: 'MAY DO WITH RECORDINGS', cell: ({ capabilities }) => listed(capabilities) },
];

export async function getGrants(settings: GrantsSettings, around: Surroundings): Promise<number> {
  const { control } = await connect(settings, around);
  const grants = await control.grants.get(settings.callType, { signal: around.signal });
  const { stdout, env } = around;
  if (settings.json) stdout.write(jsonText(grants));
  else {
    const rows = Object.entries(grants).map(([role, capabilities]) => ({ role, capabilities }));
    const [heading = '', ...lines] = renderTable(COLUMNS, rows, undefined).lines;
    stdout.write(`${[coloursFor(stdout, env).bold(heading), ...lines].join('\n')}\n`);
  }
  return EXIT.whole;
}

export async function setGrants(settings: SetGrantsSettings, around: Surroundings): Promise<number> {
  const { control, door } = await connect(settings, around);
  const { callType, role, capabilities } = settings;
  const change = await control.grants
    .set(callType, role, capabilities, { signal: around.signal })
    .catch((error: unknown) => withGuess(error, capabilities, door.RECORDING_CAPABILITIES));
  const { stdout } = around;
  if (settings.json) stdout.write(jsonText(change));
  else {
    const of = `${printable(role)} in call type ${printable(callType)}`;
    if (change.state === 'unchanged') stdout.write(`${of}: as it was\n  ${listed(change.after)}\n`);
    else stdout.write(`${of}: changed\n- ${listed(change.before)}\n+ ${listed(change.after)}\n`);
  }
  return EXIT.whole;
}

/** Of a capability that nobody knows: the one that it most likely stands for. */
async function withGuess(
  error: unknown,
  capabilities: readonly string[],
  known: readonly string[],
): Promise<never> {
  const { message, hints, ...facts } = explain(error);
  const { closest } = await import('../failure/did-you-mean.ts');
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
