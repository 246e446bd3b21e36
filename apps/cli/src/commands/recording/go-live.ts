import { command } from '../../declare/command-spec.ts';
import { EXTERNAL_STORAGE } from '../../options/recordings.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingGoLive = command({
  name: 'recording go-live',
  group: 'Record calls',
  summary: 'Take a call live out of its backstage and start raw recording.',
  examples: [{ says: 'Live and recorded', line: 'rawreel recording go-live livestream:launch' }],
  notes: [
    'Only what is missing is done: a call that is already live is only recorded, and one that is already recorded only goes live.',
  ],
  options: { call: CALL, externalStorage: EXTERNAL_STORAGE, ...STREAM },
});
