import { ALIGN_POLICIES, NAME_FIELDS, NAME_PRESETS } from '@rawreel/processor/choices';
import { bytes, choice, flag, text } from '../declare/kinds.ts';
import { LIMITS } from './input.ts';
import { PROGRESS, QUIET, VERBOSE } from './printing.ts';
import { REMOTE } from './remote.ts';
import { WORKERS } from './workers.ts';

export const FILL_GAPS = flag({
  group: 'What',
  help: 'fill mutes and reconnects with silence or black, so that every player shows the time',
  default: true,
});

export const FIX_DTX = flag({
  group: 'What',
  help: 'write out silence that the sender did not transmit (DTX), so that no decoder shortens it',
  default: true,
});

/** Accepted by commands that always fill, so that a script's flags need no sorting. */
export const ALWAYS_FILLED = {
  fillGaps: { ...FILL_GAPS, hidden: true },
  fixDtx: { ...FIX_DTX, hidden: true },
};

export const ALIGN = choice({
  group: 'What',
  help: 'time 0 of a file: the start of its track, or of the recording, which is the same for all files',
  placeholder: 'where',
  choices: ALIGN_POLICIES,
  default: 'track',
});

/** Where files go, and how the run is reported. */
export const OUTPUT = {
  output: text({
    group: 'Output',
    short: 'o',
    help: 'folder for the files and their manifest.json, created if missing; or s3://bucket/prefix',
    placeholder: 'folder',
    completes: 'folder',
  }),
  dryRun: flag({ group: 'Output', help: 'print what would be written and write nothing', default: false }),
  json: flag({
    group: 'Output',
    help: 'print only the report, the plan or the error, as JSON',
    default: false,
  }),
};

export const ACCEPT_DAMAGE = flag({
  group: 'Advanced',
  help: 'exit with 0 instead of 3 when files were made from a damaged archive',
  default: false,
});

export const SKIP_EXISTING = flag({
  group: 'Output',
  help: 'keep files that an earlier run made of the same recording with the same options, and make the others (of a recording that is no ZIP, one with this option)',
  default: false,
});

export const NAME = text({
  group: 'Output',
  help: `how files are named: ${Object.keys(NAME_PRESETS).join(', ')}, or a template of ${NAME_FIELDS.map((field) => `{${field}}`).join(' ')}`,
  placeholder: 'template',
  example: '{user}-{media}',
});

export const OVERWRITE = flag({
  group: 'Output',
  help: 'replace files of these names, also those that rawreel has not made',
  default: false,
});

/** What every command that makes files has beside what it makes. */
export const RUN_OPTIONS = {
  name: NAME,
  skipExisting: SKIP_EXISTING,
  overwrite: OVERWRITE,
  quiet: QUIET,
  progress: PROGRESS,
  verbose: VERBOSE,
  acceptDamage: ACCEPT_DAMAGE,
  ...LIMITS,
  maxOutput: bytes({
    group: 'Advanced',
    help: 'leave gaps unfilled where all files together would be larger (default: depends on the recording)',
    example: '20G',
  }),
  ...REMOTE,
  workers: WORKERS,
};

export const EXIT_CODE_NOTE =
  'Exit codes: 0 everything made; 1 something could not be made; 2 usage error; 3 made from a damaged archive; 129, 130 or 143 interrupted.';
