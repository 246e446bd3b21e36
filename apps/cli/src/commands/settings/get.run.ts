import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { targetOf } from '../../options/settings-target.ts';
import { connect } from '../../stream/connect-to-stream.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { type Column, renderTable } from '../../terminal/table.ts';
import type { settingsGet } from './get.ts';

interface Shown {
  readonly what: string;
  readonly settings: { readonly mode: string; readonly audioOnly: boolean };
}

const COLUMNS: readonly Column<Shown>[] = [
  { title: 'CALL OR TYPE', cell: ({ what }) => printable(what) },
  { title: 'MODE', cell: ({ settings }) => settings.mode },
  { title: 'AUDIO ONLY', cell: ({ settings }) => (settings.audioOnly ? 'yes' : 'no') },
];

export const run: Run<typeof settingsGet> = async (options, context) => {
  const target = targetOf(options);
  const { control, library } = await connect(options, context);
  const { stdout, env, signal } = context;
  if (target === 'all call types') {
    const all = await control.settings.listCallTypes({ signal });
    if (options.json) stdout.write(jsonText(all));
    else printShown(all.map((each) => ({ what: each.name, settings: each.settings })));
    return EXIT.whole;
  }
  const found =
    'call' in target
      ? await control.settings.getForCall(library.parseCallRef(target.call), { signal })
      : await control.settings.getForCallType(target.callType, { signal });
  if (options.json) stdout.write(jsonText(found));
  else printShown([{ what: 'call' in target ? target.call : target.callType, settings: found }]);
  return EXIT.whole;

  function printShown(shown: readonly Shown[]): void {
    const [heading = '', ...rows] = renderTable(COLUMNS, shown, undefined).lines;
    stdout.write(`${[coloursFor(stdout, env).bold(heading), ...rows].join('\n')}\n`);
  }
};
