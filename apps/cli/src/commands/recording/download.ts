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
      says: 'The most recent archive',
      line: 'rawreel recording download default:standup --latest --output calls',
    },
    {
      says: 'Make media files directly: only the needed parts of a ZIP are read',
      line: 'rawreel recording download default:standup --latest --process --output out',
    },
    {
      says: 'Every archive of the call',
      line: 'rawreel recording download default:standup --all --output calls',
    },
  ],
  notes: [
    'An archive is written whole or not at all. An interrupted download continues from the cache.',
    'With --process: files and exit codes are those of rawreel process-all. With --all or --session each recording has a folder of its own, named like its archive, as several of one call may have files of the same names.',
  ],
  options: {
    call: CALL,
    ...SELECTION,
    process: PROCESS,
    mix: flag({ group: 'What', help: 'with --process: also mix everybody into one file', default: true }),
    ...RECORDING_FILES,
    skipExisting: {
      ...RECORDING_FILES.skipExisting,
      help: 'keep archives that are there whole, and with --process files that an earlier run made',
    },
  },
});
