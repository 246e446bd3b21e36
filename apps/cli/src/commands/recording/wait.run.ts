import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import { recordingTable } from '../../stream/recording-table.ts';
import { widthOf } from '../../terminal/width.ts';
import type { recordingWait } from './wait.ts';

export const run: Run<typeof recordingWait> = async (options, context) => {
  const { control, call } = await connectToCall(options, context);
  const { since, endedSince, timeout: timeoutMs, json } = options;
  const { stdout, stderr, signal } = context;
  const name = printable(options.call);
  // A log needs no sign of life.
  if (stderr.isTTY) stderr.write(`Waiting for a recording of ${name}\n`);
  const recording = await control.waitUntilReady(call, { since, endedSince, timeoutMs, signal });
  if (json) stdout.write(jsonText(recording));
  else {
    const look = { width: widthOf(stdout), now: Date.now(), withTypes: false };
    const { lines } = recordingTable([recording], look);
    stdout.write(`A recording of ${name} is ready\n\n${lines.join('\n')}\n`);
  }
  return EXIT.whole;
};
