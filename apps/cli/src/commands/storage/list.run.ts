import type { ExternalStorage } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import type { storageList } from './list.ts';

const COLUMNS: readonly Column<ExternalStorage>[] = [
  { title: 'NAME', cell: ({ name }) => printable(name) },
  { title: 'TYPE', cell: ({ type }) => printable(type) },
  { title: 'BUCKET', cell: ({ bucket }) => printable(bucket) },
  { title: 'PATH', cell: ({ path }) => printable(path) || '-' },
];

export const run: Run<typeof storageList> = async (options, context) => {
  const { control } = await connect(options, context);
  const { stdout, env, signal } = context;
  const storages = await control.externalStorage.list({ signal });
  if (options.json) stdout.write(jsonText(storages));
  else if (storages.length === 0) stdout.write('No storages of your own\n');
  else {
    const [heading = '', ...lines] = renderTable(COLUMNS, storages, undefined).lines;
    stdout.write(`${[coloursFor(stdout, env).bold(heading), ...lines].join('\n')}\n`);
  }
  return EXIT.whole;
};
