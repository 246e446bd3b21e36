import { command } from '../../declare/command-spec.ts';
import { CALL, MODE_NOTE, STREAM } from '../../options/stream-access.ts';

export const recordingStatus = command({
  name: 'recording status',
  group: 'Record calls',
  summary: 'Show whether a call is being recorded raw, and its settings.',
  examples: [
    { says: 'In words', line: 'rawreel recording status default:standup' },
    { says: 'For a program', line: 'rawreel recording status default:standup --json' },
  ],
  notes: [MODE_NOTE],
  options: { call: CALL, ...STREAM },
});
