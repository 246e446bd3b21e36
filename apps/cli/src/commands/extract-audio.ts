import { command } from '../declare/command-spec.ts';
import { INPUT } from '../options/input.ts';
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
    { says: 'See what would be written', line: 'rawreel extract-audio --input-file call.zip --dry-run' },
  ],
  notes: [EXIT_CODE_NOTE],
  tracks: 'audio',
  options: {
    ...INPUT,
    ...FILTERS,
    fillGaps: FILL_GAPS,
    fixDtx: FIX_DTX,
    align: ALIGN,
    ...OUTPUT,
    ...RUN_OPTIONS,
  },
});
