import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import type { recordingStopLive } from './stop-live.ts';

export const run: Run<typeof recordingStopLive> = async (options, context) => {
  const { control, call } = await connectToCall(options, context);
  const { continueRecording, json } = options;
  const { stdout, signal } = context;
  const stopped = await control.stopLive(call, { continueRecording, signal });
  const words = stopped.state === 'notLive' ? 'is not live' : 'is back in its backstage';
  stdout.write(json ? jsonText(stopped) : `${printable(options.call)} ${words}\n`);
  return EXIT.whole;
};
