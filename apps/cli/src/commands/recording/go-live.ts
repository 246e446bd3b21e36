import { command } from '../../declare/command-spec.ts';
import { EXTERNAL_STORAGE } from '../../options/recordings.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingGoLive = command({
  name: 'recording go-live',
  group: 'Record calls',
  summary: 'Take a call out of its backstage, and record it raw from then on.',
  examples: [{ says: 'Live and recorded', line: 'rawreel recording go-live livestream:launch' }],
  notes: ['Only what is missing is done: a call that is live already is recorded, and the other way round.'],
  options: { call: CALL, externalStorage: EXTERNAL_STORAGE, ...STREAM },
});
