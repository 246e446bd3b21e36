import { command } from '../../declare/command-spec.ts';
import { flag } from '../../declare/kinds.ts';
import { PROCESS, RECORDING_FILES, SELECTION } from '../../options/recordings.ts';
import { CALL } from '../../options/stream-access.ts';

export const recordingDownload = command({
  name: 'recording download',
  group: 'Record calls',
  summary: 'Download recordings of a call, or make media of them without keeping the archive.',
  examples: [
    {
      says: 'The archive of the latest',
      line: 'rawreel recording download default:standup --latest --output calls',
    },
    {
      says: 'Straight to media files: of a ZIP, only what is needed is read',
      line: 'rawreel recording download default:standup --latest --process --output out',
    },
    {
      says: 'Every archive of the call',
      line: 'rawreel recording download default:standup --all --output calls',
    },
  ],
  notes: [
    'An archive is there whole or not at all. What came before a download was broken off is in the cache, and does not come again.',
    'With --process: files and exit codes as of rawreel process-all.',
  ],
  options: {
    call: CALL,
    ...SELECTION,
    process: PROCESS,
    mix: flag({ group: 'What', help: 'with --process: mix everybody into one file, too', default: true }),
    ...RECORDING_FILES,
  },
});
