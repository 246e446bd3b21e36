import { command } from '../declare/command-spec.ts';
import { flag } from '../declare/kinds.ts';
import { INPUT } from '../options/input.ts';
import { ALIGN, ALWAYS_FILLED, EXIT_CODE_NOTE, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const processAll = command({
  name: 'process-all',
  group: 'Make media',
  summary: 'Make all of it from one reading: every track, sound with picture, and a mix of everybody.',
  examples: [
    { says: 'Everything', line: 'rawreel process-all --input-file call.zip --output out' },
    {
      says: 'Where it lies: files are begun while the rest still comes in',
      line: 'rawreel process-all --input-s3 s3://recordings/call.zip --output out',
    },
    {
      says: 'Files of one user; the mix is of everybody all the same',
      line: 'rawreel process-all --input-file call.zip --output out --user-id alice',
    },
    {
      says: 'No mix, and all files starting together for an editing timeline',
      line: 'rawreel process-all --input-file call.zip --output out --no-mix --align recording',
    },
  ],
  notes: [
    'Run it again after it was broken off: files that are whole are not made again, unless the recording, the options or the version are others.',
    EXIT_CODE_NOTE,
  ],
  options: {
    ...INPUT,
    ...FILTERS,
    mix: flag({
      group: 'What',
      help: 'mix everybody into one file, whatever the filters choose',
      default: true,
    }),
    ...ALWAYS_FILLED,
    align: ALIGN,
    ...OUTPUT,
    force: flag({
      group: 'Output',
      help: 'make everything anew, also what an earlier run has finished',
      default: false,
    }),
    verify: flag({
      group: 'Output',
      help: 'read every file back and compare it with the packets it was made from',
      default: false,
    }),
    ...RUN_OPTIONS,
  },
});
