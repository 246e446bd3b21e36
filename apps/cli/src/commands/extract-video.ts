import { command } from '../declare/command-spec.ts';
import { CUT, CUT_NOTE } from '../options/cut.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import { ALIGN, EXIT_CODE_NOTE, FILL_GAPS, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const extractVideo = command({
  name: 'extract-video',
  group: 'Make media',
  summary: 'Write one playable MKV per camera and screen share, exact in time, without re-encoding.',
  examples: [
    { says: 'Everybody', line: 'rawreel extract-video --input-file call.zip --output out' },
    {
      says: 'One user, camera-off time left open instead of black',
      line: 'rawreel extract-video --input-file call.zip --output out --user-id alice --no-fill-gaps',
    },
    {
      says: 'The report for a program',
      line: 'rawreel extract-video --input-file call.zip --output out --json',
    },
  ],
  notes: [CUT_NOTE, INPUTS_NOTE, EXIT_CODE_NOTE],
  tracks: 'video',
  options: { ...INPUTS, ...FILTERS, ...CUT, fillGaps: FILL_GAPS, align: ALIGN, ...OUTPUT, ...RUN_OPTIONS },
});
