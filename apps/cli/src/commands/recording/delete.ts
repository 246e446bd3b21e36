import { command } from '../../declare/command-spec.ts';
import { flag } from '../../declare/kinds.ts';
import { SELECTION } from '../../options/recordings.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingDelete = command({
  name: 'recording delete',
  group: 'Record calls',
  summary: 'Delete recordings of a call at Stream, for good.',
  examples: [
    { says: 'The latest, unasked', line: 'rawreel recording delete default:standup --latest --yes' },
    { says: 'Those of one session', line: 'rawreel recording delete default:standup --session s-1 --yes' },
  ],
  notes: ['On a terminal it asks first. Elsewhere there is nobody to ask: --yes has to be given.'],
  options: {
    call: CALL,
    ...SELECTION,
    yes: flag({ group: 'What', help: 'delete without asking', default: false }),
    ...STREAM,
  },
});
