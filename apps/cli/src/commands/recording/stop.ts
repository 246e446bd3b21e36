import { command } from '../../declare/command-spec.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingStop = command({
  name: 'recording stop',
  group: 'Record calls',
  summary: 'Stop raw recording of a call; not an error if it is not running.',
  examples: [{ says: 'Stop it', line: 'rawreel recording stop default:standup' }],
  options: { call: CALL, ...STREAM },
});
