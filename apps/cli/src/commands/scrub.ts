import { command } from '../declare/command-spec.ts';
import { argument, flag } from '../declare/kinds.ts';
import { LIMITS } from '../options/input.ts';
import { SKIP_EXISTING } from '../options/media-files.ts';
import { PROGRESS, QUIET, VERBOSE } from '../options/printing.ts';
import { REMOTE } from '../options/remote.ts';

export const scrub = command({
  name: 'scrub',
  group: 'Look into a recording',
  summary: 'Make a copy without what was seen, heard and said, to attach to a bug report.',
  examples: [{ says: 'A ZIP with the same packets, emptied', line: 'rawreel scrub call.zip scrubbed.zip' }],
  notes: [
    'Headers, sizes and times of packets stay, and what codecs need to be told apart; payloads are overwritten, ids replaced, addresses, keys and names left out. rawreel reports the same of it. When people spoke, for how long, and how large their pictures were can still be told.',
    'Damage of an archive’s container or metadata is not copied.',
  ],
  options: {
    recording: argument('recording'),
    copy: argument('copy'),
    skipExisting: {
      ...SKIP_EXISTING,
      help: 'keep the copy, if it was made of the same recording with this option; the manifest.json beside it says so',
    },
    overwrite: flag({ group: 'Output', help: 'replace the copy, if there is one already', default: false }),
    quiet: QUIET,
    progress: PROGRESS,
    verbose: VERBOSE,
    ...LIMITS,
    ...REMOTE,
  },
});
