import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import { waitLine } from '../../stream/ways-to-wait.ts';
import type { recordingStop } from './stop.ts';

/** Also prints how to wait for the stopped recording, selected by its end: an earlier one may become ready after this one stopped. */
export const run: Run<typeof recordingStop> = async (options, context) => {
  const { control, call } = await connectToCall(options, context);
  const { stdout, signal } = context;
  const stopped = await control.stop(call, { signal });
  const name = printable(options.call);
  if (options.json) stdout.write(jsonText(stopped));
  else if (stopped.state === 'notRunning') stdout.write(`${name} is not being recorded\n`);
  else {
    const line = waitLine('Until it is ready', options.call, '--ended-since', stopped.endedSince);
    stdout.write(`Recording of ${name} stopped\n${line}`);
  }
  return EXIT.whole;
};
