import { CONTAINERS, MEDIA_CHOICES } from '@rawreel/processor/choices';
import { command } from '../declare/command-spec.ts';
import { choice, flag, parsed } from '../declare/kinds.ts';
import { readLanguage } from '../declare/read-values.ts';
import { CUT, CUT_NOTE } from '../options/cut.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import { ALIGN, ALWAYS_FILLED, EXIT_CODE_NOTE, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const muxAv = command({
  name: 'mux-av',
  group: 'Make media',
  summary: 'Write sound and picture of each participant into one file, in sync, without re-encoding.',
  examples: [
    { says: 'Everybody', line: 'rawreel mux-av --input-file call.zip --output out' },
    {
      says: 'Shared screens only, with their sound',
      line: 'rawreel mux-av --input-file call.zip --output out --media display',
    },
    {
      says: 'A quarter of an hour of two users, by the clock on the wall',
      line: 'rawreel mux-av -i call.zip -o out -u alice -u bob --from 10:00+01:00 --to 10:15+01:00',
    },
    {
      says: 'One user, for the web, including tracks without a partner',
      line: 'rawreel mux-av --input-file call.zip --output out --user-id alice --container webm --include-single',
    },
  ],
  notes: [CUT_NOTE, INPUTS_NOTE, EXIT_CODE_NOTE],
  options: {
    ...INPUTS,
    ...FILTERS,
    ...CUT,
    media: choice({
      group: 'What',
      help: 'pair microphones with cameras (user), shared sound with shared screens (display), or both',
      placeholder: 'which',
      choices: MEDIA_CHOICES,
      default: 'both',
    }),
    includeSingle: flag({
      group: 'What',
      help: 'also write tracks without a partner, each to its own file',
      default: false,
    }),
    language: parsed({
      group: 'What',
      help: 'what is spoken, for players that choose sound by language',
      placeholder: 'language',
      example: 'en',
      read: readLanguage,
    }),
    ...ALWAYS_FILLED,
    align: ALIGN,
    ...OUTPUT,
    container: choice({
      group: 'Output',
      help: 'mkv holds every codec, mp4 no VP8, webm no H264; nothing is re-encoded',
      placeholder: 'container',
      choices: CONTAINERS,
      default: 'mkv',
    }),
    ...RUN_OPTIONS,
  },
});
