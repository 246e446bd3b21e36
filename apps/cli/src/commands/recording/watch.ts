import { command } from '../../declare/command-spec.ts';
import {
  EXTERNAL_STORAGE,
  MIX,
  RECORDING_FILES,
  TIMEOUT,
  WAIT_FOR_SESSION,
} from '../../options/recordings.ts';
import { CALL } from '../../options/stream-access.ts';

export const recordingWatch = command({
  name: 'recording watch',
  group: 'Record calls',
  summary: 'Record a call until Ctrl-C or its end, then wait for the recording and make media of it.',
  examples: [
    { says: 'From start to files', line: 'rawreel recording watch default:standup --output out' },
    {
      says: 'Without the mix, which needs ffmpeg',
      line: 'rawreel recording watch default:standup --output out --no-mix',
    },
  ],
  notes: [
    'A recording that runs already is followed. The first Ctrl-C stops it and goes on with waiting and making files; the second leaves at once, with exit code 130. A termination (SIGTERM) leaves at once, and the recording runs on.',
    'Files and exit codes as of rawreel process-all.',
  ],
  options: {
    call: CALL,
    externalStorage: EXTERNAL_STORAGE,
    waitForSession: WAIT_FOR_SESSION,
    mix: MIX,
    timeout: TIMEOUT,
    ...RECORDING_FILES,
  },
});
