import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import type { grantsGet } from './get.ts';

interface RoleGrants {
  readonly role: string;
  readonly capabilities: readonly string[];
}

const COLUMNS: readonly Column<RoleGrants>[] = [
  { title: 'ROLE', cell: ({ role }) => printable(role) },
  {
    title: 'RECORDING CAPABILITIES',
    cell: ({ capabilities }) => printable(capabilities.join(', ')) || 'nothing',
  },
];

export const run: Run<typeof grantsGet> = async (options, context) => {
  const { control } = await connect(options, context);
  const { stdout, env, signal } = context;
  const grants = await control.grants.get(options.callType, { signal });
  if (options.json) stdout.write(jsonText(grants));
  else {
    const rows = Object.entries(grants).map(([role, capabilities]) => ({ role, capabilities }));
    const [heading = '', ...lines] = renderTable(COLUMNS, rows, undefined).lines;
    stdout.write(`${[coloursFor(stdout, env).bold(heading), ...lines].join('\n')}\n`);
  }
  return EXIT.whole;
};
