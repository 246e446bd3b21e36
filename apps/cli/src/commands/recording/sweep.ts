import { command } from '../../declare/command-spec.ts';
import { count, flag, text, time } from '../../declare/kinds.ts';
import { RECORDING_FILES, RECORDING_TYPE, RECORDINGS_OUTPUT } from '../../options/recordings.ts';

export const recordingSweep = command({
  name: 'recording sweep',
  group: 'Record calls',
  summary: 'List, download, process or delete the recordings of all calls in a period.',
  examples: [
    {
      says: 'Recordings of one day, and when their links expire',
      line: 'rawreel recording sweep --since 2026-11-20T00:00:00Z --until 2026-11-21T00:00:00Z',
    },
    {
      says: 'All archives since then; run it again to fetch only what is missing',
      line: 'rawreel recording sweep --since 2026-11-20T00:00:00Z --download --output calls',
    },
    {
      says: 'What would be deleted',
      line: 'rawreel recording sweep --until 2026-11-20T00:00:00Z --delete --dry-run',
    },
  ],
  notes: [
    'The period is the one in which recordings began, from --since up to but without --until. Stream has no list of recordings: every call is asked for its own, except those created after the period or ended before it.',
    'Archives go to <output>/<type>_<id>/<session>/<name>, media files into a folder of that name. Existing ones are kept (--no-skip-existing makes all anew).',
    'A failure does not stop the others; it is reported, and the exit code is 1.',
  ],
  options: {
    since: time({ group: 'What', help: 'only recordings that began at this time or later' }),
    until: time({ group: 'What', help: 'only recordings that began before this time' }),
    callType: text({ group: 'What', help: 'only calls of this type', placeholder: 'name' }),
    type: RECORDING_TYPE,
    latest: flag({ group: 'What', help: 'only the most recent recording of each call', default: false }),
    download: flag({ group: 'What', help: 'download the archives', default: false }),
    process: flag({
      group: 'What',
      help: 'make media files of each, like rawreel process-all',
      default: false,
    }),
    mix: flag({ group: 'What', help: 'with --process: also mix everybody into one file', default: true }),
    delete: flag({ group: 'What', help: 'delete the recordings at Stream permanently', default: false }),
    yes: flag({ group: 'What', help: 'with --delete: do not ask for confirmation', default: false }),
    parallel: count({
      group: 'Advanced',
      help: 'number of calls, downloads or deletions at a time',
      example: '8',
      to: 99,
      default: '4',
    }),
    dryRun: flag({ group: 'Output', help: 'print what would be done and do nothing', default: false }),
    ...RECORDING_FILES,
    output: text(RECORDINGS_OUTPUT),
  },
});
