import { command } from '../../declare/command-spec.ts';
import { count, flag, text, time } from '../../declare/kinds.ts';
import { RECORDING_FILES, RECORDING_TYPE, RECORDINGS_OUTPUT } from '../../options/recordings.ts';

export const recordingSweep = command({
  name: 'recording sweep',
  group: 'Record calls',
  summary: 'List, download, process or delete what was recorded of all calls in a period.',
  examples: [
    {
      says: 'What was recorded in a day, and until when its links hold',
      line: 'rawreel recording sweep --since 2026-11-20T00:00:00Z --until 2026-11-21T00:00:00Z',
    },
    {
      says: 'Every archive since then; the same line again fetches only what is missing',
      line: 'rawreel recording sweep --since 2026-11-20T00:00:00Z --download --output calls',
    },
    {
      says: 'What would be deleted',
      line: 'rawreel recording sweep --until 2026-11-20T00:00:00Z --delete --dry-run',
    },
  ],
  notes: [
    'The period is that of the recordings: since is the first moment, until the first behind it. All calls are asked for theirs, but those that were created after the period or ended for good before it: Stream has no list of recordings.',
    'Archives go to <output>/<type>_<id>/<session>/<name>, media files into a folder of that name. What is there already is left.',
    'What fails keeps nothing else back; it is told, and the exit code is 1.',
  ],
  options: {
    since: time({ group: 'What', help: 'only what began then or later' }),
    until: time({ group: 'What', help: 'only what began before' }),
    callType: text({ group: 'What', help: 'only calls of this type', placeholder: 'name' }),
    type: RECORDING_TYPE,
    latest: flag({ group: 'What', help: 'of each call only what began last', default: false }),
    download: flag({ group: 'What', help: 'download the archives', default: false }),
    process: flag({
      group: 'What',
      help: 'make media files, as rawreel process-all does, of each',
      default: false,
    }),
    mix: flag({ group: 'What', help: 'with --process: mix everybody into one file, too', default: true }),
    delete: flag({ group: 'What', help: 'delete them at Stream, for good', default: false }),
    yes: flag({ group: 'What', help: 'with --delete: without asking', default: false }),
    parallel: count({
      group: 'Advanced',
      help: 'how many calls, downloads or deletions at a time',
      example: '8',
      to: 99,
      default: '4',
    }),
    dryRun: flag({ group: 'Output', help: 'print what would be done, do nothing', default: false }),
    ...RECORDING_FILES,
    output: text(RECORDINGS_OUTPUT),
  },
});
