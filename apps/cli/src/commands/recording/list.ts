import { command } from '../../declare/command-spec.ts';
import { text } from '../../declare/kinds.ts';
import { RECORDING_TYPE } from '../../options/recordings.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingList = command({
  name: 'recording list',
  group: 'Record calls',
  summary: 'List the recordings of a call that are ready.',
  examples: [
    { says: 'Raw recordings', line: 'rawreel recording list default:standup' },
    {
      says: 'With links; anyone who has a link can open the recording',
      line: 'rawreel recording list default:standup --json',
    },
  ],
  options: {
    call: CALL,
    type: RECORDING_TYPE,
    session: text({ group: 'What', help: 'only recordings of this session of the call', placeholder: 'id' }),
    ...STREAM,
  },
});
