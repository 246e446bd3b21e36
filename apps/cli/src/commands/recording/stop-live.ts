import { command } from '../../declare/command-spec.ts';
import { flag } from '../../declare/kinds.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingStopLive = command({
  name: 'recording stop-live',
  group: 'Record calls',
  summary: 'Take a call back into its backstage, which also ends raw recording unless told otherwise.',
  examples: [
    { says: 'Off the air, and no longer recorded', line: 'rawreel recording stop-live livestream:launch' },
    {
      says: 'Off the air, recording runs on',
      line: 'rawreel recording stop-live livestream:launch --continue-recording',
    },
  ],
  options: {
    call: CALL,
    continueRecording: flag({
      group: 'What',
      help: 'let raw recording run on in the backstage',
      default: false,
    }),
    ...STREAM,
  },
});
