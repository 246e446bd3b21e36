import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import { waitLine, withWayToWait } from '../../stream/ways-to-wait.ts';
import type { recordingStart } from './start.ts';

export const run: Run<typeof recordingStart> = async (options, context) => {
  const { control, call } = await connectToCall(options, context);
  const { externalStorage, waitForSession: waitForSessionMs, json } = options;
  const { stdout, signal } = context;
  const starting = control.start(call, { externalStorage, waitForSessionMs, signal });
  const started = await withWayToWait(starting, options);
  const name = printable(options.call);
  if (json) stdout.write(jsonText(started));
  else if (started.state === 'alreadyRunning') stdout.write(`${name} is being recorded already\n`);
  else {
    const line = waitLine('When it has been stopped', options.call, '--since', started.since);
    stdout.write(`Recording of ${name} started\n${line}`);
  }
  return EXIT.whole;
};
