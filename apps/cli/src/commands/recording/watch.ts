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
    { says: 'Record, then make files', line: 'rawreel recording watch default:standup --output out' },
    {
      says: 'Without the mix, which needs ffmpeg',
      line: 'rawreel recording watch default:standup --output out --no-mix',
    },
  ],
  notes: [
    'A recording that is already running is followed. The first Ctrl-C stops it, waits for it and makes files; the second quits at once with exit code 130. A termination (SIGTERM) quits at once, and the recording continues.',
    'Files and exit codes are those of rawreel process-all.',
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
