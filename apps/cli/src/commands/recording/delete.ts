import { command } from '../../declare/command-spec.ts';
import { flag } from '../../declare/kinds.ts';
import { SELECTION } from '../../options/recordings.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingDelete = command({
  name: 'recording delete',
  group: 'Record calls',
  summary: 'Delete recordings of a call at Stream permanently.',
  examples: [
    {
      says: 'The most recent, without confirmation',
      line: 'rawreel recording delete default:standup --latest --yes',
    },
    { says: 'All of one session', line: 'rawreel recording delete default:standup --session s-1 --yes' },
  ],
  notes: ['On a terminal it asks for confirmation. Elsewhere --yes is required.'],
  options: {
    call: CALL,
    ...SELECTION,
    yes: flag({ group: 'What', help: 'delete without confirmation', default: false }),
    ...STREAM,
  },
});
