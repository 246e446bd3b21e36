import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import type { recordingGoLive } from './go-live.ts';

export const run: Run<typeof recordingGoLive> = async (options, context) => {
  const { control, call } = await connectToCall(options, context);
  const { externalStorage, json } = options;
  const { stdout, signal } = context;
  const went = await control.goLive(call, { externalStorage, signal });
  const isLive = went.state === 'live' ? 'is live' : 'is live already';
  const isRecorded =
    went.recording === 'started' ? 'its recording has started' : 'it is being recorded already';
  stdout.write(json ? jsonText(went) : `${printable(options.call)} ${isLive}, and ${isRecorded}\n`);
  return EXIT.whole;
};
