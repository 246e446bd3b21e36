import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import { recordingTable } from '../../stream/recording-table.ts';
import { coloursFor } from '../../terminal/colour.ts';
import { count } from '../../terminal/format-values.ts';
import { widthOf } from '../../terminal/width.ts';
import type { recordingList } from './list.ts';

export const run: Run<typeof recordingList> = async (options, context) => {
  const { control, call } = await connectToCall(options, context);
  const { type: types, session, json } = options;
  const { stdout, stderr, env, signal } = context;
  const onUnusable = (what: string) => stderr.write(`Skipped an unusable entry: ${what}\n`);
  const recordings = await control.list(call, { types, session, onUnusable, signal });
  if (json) {
    stdout.write(jsonText(recordings));
    return EXIT.whole;
  }
  const { bold } = coloursFor(stdout, env);
  const what = types === 'raw' ? 'raw recording' : 'recording';
  const head = bold(`${count(recordings.length, what)} of ${printable(options.call)}`);
  const { lines, dropped } = recordingTable(recordings, {
    width: widthOf(stdout),
    now: Date.now(),
    withTypes: types === 'all',
    bold,
  });
  const table = recordings.length === 0 ? [] : ['', ...lines];
  stdout.write(`${[head, ...table].join('\n')}\n`);
  if (recordings.length > 0 && dropped.length > 0) {
    const { dim } = coloursFor(stderr, env);
    stderr.write(dim(`Hidden columns (use a wider terminal or --json): ${dropped.join(', ')}\n`));
  }
  return EXIT.whole;
};
