import { command } from '../../declare/command-spec.ts';
import { EXTERNAL_STORAGE, WAIT_FOR_SESSION } from '../../options/recordings.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingStart = command({
  name: 'recording start',
  group: 'Record calls',
  summary: 'Start raw recording of a call; not an error if it is already running.',
  examples: [
    { says: 'Every participant of a call', line: 'rawreel recording start default:standup' },
    {
      says: 'Into your own bucket',
      line: 'rawreel recording start default:standup --external-storage archive',
    },
    {
      says: 'As soon as somebody is there',
      line: 'rawreel recording start default:standup --wait-for-session 15m',
    },
  ],
  notes: [
    'Only a call that somebody has joined can be recorded. In mode "disabled" recording is refused; in mode "auto-on" it starts with the call: see rawreel settings set --help. An end-to-end encrypted call cannot be recorded.',
  ],
  options: { call: CALL, externalStorage: EXTERNAL_STORAGE, waitForSession: WAIT_FOR_SESSION, ...STREAM },
});
