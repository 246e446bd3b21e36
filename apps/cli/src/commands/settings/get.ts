import { command } from '../../declare/command-spec.ts';
import { TARGET } from '../../options/settings-target.ts';
import { MODE_NOTE, STREAM } from '../../options/stream-access.ts';

export const settingsGet = command({
  name: 'settings get',
  group: 'Record calls',
  summary: 'Show the mode of raw recording, and whether only sound is recorded.',
  examples: [
    { says: 'For the whole app', line: 'rawreel settings get --all-call-types' },
    { says: 'For one call', line: 'rawreel settings get --call default:standup' },
  ],
  notes: [MODE_NOTE],
  options: { ...TARGET, ...STREAM },
});
