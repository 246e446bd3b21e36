import { command } from '../declare/command-spec.ts';
import { CUT, CUT_NOTE } from '../options/cut.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import { ALIGN, EXIT_CODE_NOTE, FILL_GAPS, FIX_DTX, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const extractAudio = command({
  name: 'extract-audio',
  group: 'Make media',
  summary: 'Write one playable MKV per audio track, exact in time, without re-encoding.',
  examples: [
    { says: 'Everybody', line: 'rawreel extract-audio --input-file call.zip --output out' },
    {
      says: 'One user, all files starting together for an editing timeline',
      line: 'rawreel extract-audio --input-file call.zip --output out --user-id alice --align recording',
    },
    {
      says: 'Two users of two recordings, each recording in a folder of its own',
      line: 'rawreel extract-audio monday.zip tuesday.zip -o out -u alice -u bob',
    },
    { says: 'See what would be written', line: 'rawreel extract-audio --input-file call.zip --dry-run' },
  ],
  notes: [CUT_NOTE, INPUTS_NOTE, EXIT_CODE_NOTE],
  tracks: 'audio',
  options: {
    ...INPUTS,
    ...FILTERS,
    ...CUT,
    fillGaps: FILL_GAPS,
    fixDtx: FIX_DTX,
    align: ALIGN,
    ...OUTPUT,
    ...RUN_OPTIONS,
  },
});
