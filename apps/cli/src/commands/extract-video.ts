import { command } from '../declare/command-spec.ts';
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
  notes: [INPUTS_NOTE, EXIT_CODE_NOTE],
  tracks: 'video',
  options: { ...INPUTS, ...FILTERS, fillGaps: FILL_GAPS, align: ALIGN, ...OUTPUT, ...RUN_OPTIONS },
});
