import { command } from '../../declare/command-spec.ts';
import { flag } from '../../declare/kinds.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingStopLive = command({
  name: 'recording stop-live',
  group: 'Record calls',
  summary: 'Return a call to its backstage and, by default, stop raw recording.',
  examples: [
    { says: 'Off the air, and no longer recorded', line: 'rawreel recording stop-live livestream:launch' },
    {
      says: 'Off the air, recording continues',
      line: 'rawreel recording stop-live livestream:launch --continue-recording',
    },
  ],
  options: {
    call: CALL,
    continueRecording: flag({
      group: 'What',
      help: 'continue raw recording in the backstage',
      default: false,
    }),
    ...STREAM,
  },
});
