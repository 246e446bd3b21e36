import type { RawRecordingSettings, RecordingStatus } from '@rawreel/recording-control';
import { jsonText, printable } from '@rawreel/text';
import type { Run } from '../../declare/command.ts';
import { EXIT } from '../../exit-codes.ts';
import { connectToCall } from '../../stream/connect-to-stream.ts';
import { coloursFor } from '../../terminal/colour.ts';
import type { recordingStatus } from './status.ts';

export const run: Run<typeof recordingStatus> = async (options, context) => {
  const { control, call } = await connectToCall(options, context);
  const { stdout, env, signal } = context;
  const status = await control.status(call, { signal });
  if (options.json) stdout.write(jsonText(status));
  else {
    const headline = `${printable(options.call)} ${HEADLINES[status.state]}`;
    stdout.write(`${coloursFor(stdout, env).bold(headline)}\n  ${factsOf(status)}\n`);
  }
  return EXIT.whole;
};

const HEADLINES: Readonly<Record<RecordingStatus['state'], string>> = {
  running: 'is being recorded',
  starting: 'is about to be recorded: that has been started, and does not run yet',
  notRunning: 'is not being recorded',
};

function factsOf({ settings, isBackstage, isEncrypted, session }: RecordingStatus): string {
  const facts = [
    described(settings),
    isBackstage ? 'in its backstage' : 'not in a backstage',
    ...(isEncrypted ? ['end-to-end encrypted, so that it cannot be recorded'] : []),
    ...(session === undefined ? [] : [`session ${printable(session)}`]),
  ];
  return facts.join(' · ');
}

const described = ({ mode, audioOnly }: RawRecordingSettings): string =>
  `mode ${mode}, ${audioOnly ? 'sound only' : 'sound and pictures'}`;
