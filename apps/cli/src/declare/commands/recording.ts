import type { CommandSpec, OptionSpec, TopicSpec } from '../spec.ts';
import { ACCESS, CALL_ARGUMENT, DURATION, MODE_NOTES } from './access-options.ts';
import { ACCEPT_DAMAGE, JSON_OUTPUT, QUIET, REMOTE, VERBOSE } from './shared-options.ts';

const GROUP = 'Record calls';

export const RECORDING_TOPIC: TopicSpec = {
  name: 'recording',
  group: GROUP,
  summary: 'Start, stop, watch, list, download and delete raw recordings of a call.',
};

const LIST_TYPE: OptionSpec = {
  name: 'type',
  group: 'What',
  help: 'raw recordings, or those of every type',
  value: { placeholder: 'type', choices: ['raw', 'all'] },
  default: 'raw',
};

const SINCE: OptionSpec = {
  name: 'since',
  group: 'What',
  help: 'only what began then or later',
  value: { placeholder: 'time' },
};

const PROCESS: OptionSpec = {
  name: 'process',
  group: 'What',
  help: 'make media files, as rawreel process-all does, instead of keeping the archive',
  default: false,
};

const EXTERNAL_STORAGE: OptionSpec = {
  name: 'external-storage',
  group: 'What',
  help: 'the storage of your own to record into, by its name (default: that of the call type)',
  value: { placeholder: 'name' },
};

const WAIT_FOR_SESSION: OptionSpec = {
  name: 'wait-for-session',
  group: 'What',
  help: 'wait until somebody has joined, for an hour where no time is given',
  value: { placeholder: 'time', implied: { value: '1h', looksLike: DURATION } },
};

const CHOICE: readonly OptionSpec[] = [
  { name: 'latest', group: 'What', help: 'the recording that began last', default: false },
  { name: 'all', group: 'What', help: 'every raw recording of the call', default: false },
  {
    name: 'session',
    group: 'What',
    help: 'those of this session of the call',
    value: { placeholder: 'id' },
  },
  {
    name: 'filename',
    group: 'What',
    help: 'the one of this name',
    value: { placeholder: 'name', example: 'rec_default_standup_raw_1795736010199.zip' },
  },
];

const OUTPUT: OptionSpec = {
  name: 'output',
  group: 'Output',
  help: 'folder for the files, made if missing',
  value: { placeholder: 'folder', completes: 'folder' },
};

/** Where media files are made, they may go into a bucket, too. */
const MEDIA_OUTPUT: OptionSpec = { ...OUTPUT, help: `${OUTPUT.help}; or s3://bucket/prefix` };

/** What commands have that may make media files. */
const MAKING: readonly OptionSpec[] = [
  MEDIA_OUTPUT,
  JSON_OUTPUT,
  QUIET,
  VERBOSE,
  ...ACCESS,
  ACCEPT_DAMAGE,
  ...REMOTE,
];

const MIX: OptionSpec = {
  name: 'mix',
  group: 'What',
  help: 'mix everybody into one file, too',
  default: true,
};

const TIMEOUT: OptionSpec = {
  name: 'timeout',
  group: 'Advanced',
  help: 'how long the recording may take from its end until it is ready',
  value: { placeholder: 'time', example: '1h' },
  default: '30m',
};

const COMMON: readonly OptionSpec[] = [JSON_OUTPUT, VERBOSE, ...ACCESS];

export const RECORDING: readonly CommandSpec[] = [
  {
    name: 'recording start',
    group: GROUP,
    summary: 'Start raw recording of a call; one that runs already is no error.',
    argument: CALL_ARGUMENT,
    examples: [
      { says: 'Every participant of a call', line: 'rawreel recording start default:standup' },
      {
        says: 'Into a bucket of your own',
        line: 'rawreel recording start default:standup --external-storage archive',
      },
      {
        says: 'As soon as somebody is there',
        line: 'rawreel recording start default:standup --wait-for-session 15m',
      },
    ],
    notes: [
      'Only a call that somebody has joined can be recorded. Where the mode of the call is "disabled" it is refused, where it is "auto-on" recording starts with the call by itself: see rawreel settings set --help. An end-to-end encrypted call cannot be recorded.',
    ],
    options: [EXTERNAL_STORAGE, WAIT_FOR_SESSION, ...COMMON],
  },
  {
    name: 'recording stop',
    group: GROUP,
    summary: 'Stop raw recording of a call; one that does not run is no error.',
    argument: CALL_ARGUMENT,
    examples: [{ says: 'Stop it', line: 'rawreel recording stop default:standup' }],
    options: COMMON,
  },
  {
    name: 'recording status',
    group: GROUP,
    summary: 'Say whether a call is being recorded raw, and with which settings.',
    argument: CALL_ARGUMENT,
    examples: [
      { says: 'In words', line: 'rawreel recording status default:standup' },
      { says: 'For a program', line: 'rawreel recording status default:standup --json' },
    ],
    notes: MODE_NOTES,
    options: COMMON,
  },
  {
    name: 'recording list',
    group: GROUP,
    summary: 'List the recordings of a call that are ready.',
    argument: CALL_ARGUMENT,
    examples: [
      { says: 'Raw recordings', line: 'rawreel recording list default:standup' },
      {
        says: 'With their links, which open a recording for whoever has them',
        line: 'rawreel recording list default:standup --json',
      },
    ],
    options: [
      LIST_TYPE,
      {
        name: 'session',
        group: 'What',
        help: 'only those of this session of the call',
        value: { placeholder: 'id' },
      },
      ...COMMON,
    ],
  },
  {
    name: 'recording wait',
    group: GROUP,
    summary: 'Wait until a raw recording of a call is ready to be downloaded.',
    argument: CALL_ARGUMENT,
    examples: [
      { says: 'The next one that gets ready from now on', line: 'rawreel recording wait default:standup' },
      {
        says: 'The one that has begun since; start prints the time',
        line: 'rawreel recording wait default:standup --since 2026-11-20T09:30:00Z',
      },
      {
        says: 'The one that was running then; stop prints the time',
        line: 'rawreel recording wait default:standup --ended-since 2026-11-20T10:00:00Z',
      },
    ],
    notes: [
      'A recording is usually ready about five minutes after its end. One that failed is listed nowhere: when nothing has been recorded and nothing become ready for the time of --timeout, waiting ends with exit code 1.',
    ],
    options: [
      {
        name: 'since',
        group: 'What',
        help: 'the first that has begun then or later, also one that is ready already',
        value: { placeholder: 'time' },
      },
      {
        name: 'ended-since',
        group: 'What',
        help: 'the first that has ended then or later, also one that is ready already',
        value: { placeholder: 'time' },
      },
      { ...TIMEOUT, help: 'how long nothing may be recorded and nothing become ready' },
      ...COMMON,
    ],
  },
  {
    name: 'recording download',
    group: GROUP,
    summary: 'Download recordings of a call, or make media of them without keeping the archive.',
    argument: CALL_ARGUMENT,
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
    options: [
      ...CHOICE,
      PROCESS,
      { ...MIX, help: 'with --process: mix everybody into one file, too' },
      ...MAKING,
    ],
  },
  {
    name: 'recording delete',
    group: GROUP,
    summary: 'Delete recordings of a call at Stream, for good.',
    argument: CALL_ARGUMENT,
    examples: [
      { says: 'The latest, unasked', line: 'rawreel recording delete default:standup --latest --yes' },
      {
        says: 'Those of one session',
        line: 'rawreel recording delete default:standup --session s-1 --yes',
      },
    ],
    notes: ['On a terminal it asks first. Elsewhere there is nobody to ask: --yes has to be given.'],
    options: [
      ...CHOICE,
      { name: 'yes', group: 'What', help: 'delete without asking', default: false },
      ...COMMON,
    ],
  },
  {
    name: 'recording watch',
    group: GROUP,
    summary: 'Record a call until Ctrl-C or its end, then wait for the recording and make media of it.',
    argument: CALL_ARGUMENT,
    examples: [
      { says: 'From start to files', line: 'rawreel recording watch default:standup --output out' },
      {
        says: 'Without the mix, which needs ffmpeg',
        line: 'rawreel recording watch default:standup --output out --no-mix',
      },
    ],
    notes: [
      'A recording that runs already is followed. The first Ctrl-C stops it and goes on with waiting and making files; the second leaves at once, with exit code 130. A termination (SIGTERM) leaves at once, and the recording runs on.',
      'Files and exit codes as of rawreel process-all.',
    ],
    options: [EXTERNAL_STORAGE, WAIT_FOR_SESSION, MIX, TIMEOUT, ...MAKING],
  },
  {
    name: 'recording sweep',
    group: GROUP,
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
    options: [
      SINCE,
      { name: 'until', group: 'What', help: 'only what began before', value: { placeholder: 'time' } },
      {
        name: 'call-type',
        group: 'What',
        help: 'only calls of this type',
        value: { placeholder: 'name' },
      },
      LIST_TYPE,
      { name: 'latest', group: 'What', help: 'of each call only what began last', default: false },
      { name: 'download', group: 'What', help: 'download the archives', default: false },
      { ...PROCESS, help: `${PROCESS.help.replace(' instead of keeping the archive', '')} of each` },
      { ...MIX, help: 'with --process: mix everybody into one file, too' },
      { name: 'delete', group: 'What', help: 'delete them at Stream, for good', default: false },
      { name: 'yes', group: 'What', help: 'with --delete: without asking', default: false },
      {
        name: 'parallel',
        group: 'Advanced',
        help: 'how many calls, downloads or deletions at a time',
        value: { placeholder: 'count', example: '8' },
        default: '4',
      },
      {
        name: 'dry-run',
        group: 'Output',
        help: 'print what would be done, do nothing',
        default: false,
      },
      ...MAKING,
    ],
  },
  {
    name: 'recording go-live',
    group: GROUP,
    summary: 'Take a call out of its backstage, and record it raw from then on.',
    argument: CALL_ARGUMENT,
    examples: [{ says: 'Live and recorded', line: 'rawreel recording go-live livestream:launch' }],
    notes: [
      'Only what is missing is done: a call that is live already is recorded, and the other way round.',
    ],
    options: [EXTERNAL_STORAGE, ...COMMON],
  },
  {
    name: 'recording stop-live',
    group: GROUP,
    summary: 'Take a call back into its backstage, which also ends raw recording unless told otherwise.',
    argument: CALL_ARGUMENT,
    examples: [
      { says: 'Off the air, and no longer recorded', line: 'rawreel recording stop-live livestream:launch' },
      {
        says: 'Off the air, recording runs on',
        line: 'rawreel recording stop-live livestream:launch --continue-recording',
      },
    ],
    options: [
      {
        name: 'continue-recording',
        group: 'What',
        help: 'let raw recording run on in the backstage',
        default: false,
      },
      ...COMMON,
    ],
  },
];
