import { isAddress } from '@rawreel/storage/address';
import { choice, duration, flag, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { DURATION } from '../declare/read-values.ts';
import { exclusive } from '../declare/value-errors.ts';
import { UsageError } from '../failure/errors.ts';
import { ACCEPT_DAMAGE, NAME, OVERWRITE, SKIP_EXISTING } from './media-files.ts';
import { JSON_OUTPUT, PROGRESS, QUIET, VERBOSE } from './printing.ts';
import { REMOTE } from './remote.ts';
import { ACCESS } from './stream-access.ts';

export const RECORDING_TYPE = choice({
  group: 'What',
  help: 'raw recordings only, or recordings of all types',
  placeholder: 'type',
  choices: ['raw', 'all'],
  default: 'raw',
});

export const PROCESS = flag({
  group: 'What',
  help: 'make media files like rawreel process-all, instead of keeping the archive',
  default: false,
});

export const EXTERNAL_STORAGE = text({
  group: 'What',
  help: 'name of your own storage to record into (default: the storage of the call type)',
  placeholder: 'name',
  emptyHint: 'Omit it to use the storage of the call type.',
});

export const WAIT_FOR_SESSION = duration({
  group: 'What',
  help: 'wait until somebody has joined; without a time, for an hour',
  implied: { value: '1h', looksLike: DURATION },
});

export const TIMEOUT = duration({
  group: 'Advanced',
  help: 'time limit from the end of the recording until it is ready',
  example: '1h',
  default: '30m',
});

export const MIX = flag({ group: 'What', help: 'also mix everybody into one file', default: true });

export const RECORDINGS_OUTPUT = {
  group: 'Output',
  short: 'o',
  help: 'folder for the files, created if missing; or s3://bucket/prefix',
  placeholder: 'folder',
  completes: 'folder',
} as const;

/** What commands have that write files of recordings that Stream has. */
export const RECORDING_FILES = {
  output: text({ ...RECORDINGS_OUTPUT, required: true }),
  name: NAME,
  skipExisting: { ...SKIP_EXISTING, default: true },
  overwrite: OVERWRITE,
  json: JSON_OUTPUT,
  quiet: QUIET,
  progress: PROGRESS,
  verbose: VERBOSE,
  ...ACCESS,
  acceptDamage: ACCEPT_DAMAGE,
  ...REMOTE,
};

/** Which of a call's recordings. */
export const SELECTION = {
  latest: flag({ group: 'What', help: 'the most recent recording', default: false }),
  all: flag({ group: 'What', help: 'every raw recording of the call', default: false }),
  session: text({ group: 'What', help: 'recordings of this session of the call', placeholder: 'id' }),
  filename: text({
    group: 'What',
    help: 'the recording with this name',
    placeholder: 'name',
    example: 'rec_default_standup_raw_1795736010199.zip',
  }),
};

export type Selection =
  | { readonly which: 'latest' | 'all' }
  | {
      readonly which: 'named';
      readonly session: string | undefined;
      readonly filename: string | undefined;
    };

/** @throws UsageError where none is selected, or in two ways */
export function selectionOf({ latest, all, session, filename }: OptionsOf<typeof SELECTION>): Selection {
  const isNamed = session !== undefined || filename !== undefined;
  const named = isNamed ? ({ which: 'named', session, filename } as const) : undefined;
  const selected = exclusive<Selection>({
    '--latest': latest ? { which: 'latest' } : undefined,
    '--all': all ? { which: 'all' } : undefined,
    [session === undefined ? '--filename' : '--session']: named,
  });
  if (selected !== undefined) return selected.value;
  throw new UsageError('no recording selected', ['Add --latest, --all, --session or --filename.']);
}

/** @throws UsageError for an address: archives are written to a folder */
export function needFolder(output: string): void {
  if (!isAddress(output)) return;
  throw new UsageError('--output takes a folder for archives', [
    'With --process, media files may go to s3://bucket/prefix.',
  ]);
}

/** Whatever the output may be: of `sweep` it may be missing. */
export type RecordingFiles = Omit<OptionsOf<typeof RECORDING_FILES>, 'output'>;
