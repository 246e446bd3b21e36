import { BITRATES_KBPS, LOUDNESS_LUFS, MIX_FORMATS, MIX_LAYOUTS } from '@rawreel/processor/choices';
import { command } from '../declare/command-spec.ts';
import { choice, count, decimal, flag } from '../declare/kinds.ts';
import { CUT, CUT_NOTE } from '../options/cut.ts';
import { GATE } from '../options/gate.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import { ALWAYS_FILLED, EXIT_CODE_NOTE, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const mixAudio = command({
  name: 'mix-audio',
  group: 'Make media',
  summary: 'Mix everybody into one file that does not clip and keeps single speakers at full level.',
  examples: [
    { says: 'An MP3 of the call', line: 'rawreel mix-audio --input-file call.zip --output out' },
    {
      says: 'For a podcast: lossless, at the usual loudness, without shared screens',
      line: 'rawreel mix-audio --input-file call.zip --output out --format flac --loudness -16 --no-screenshare',
    },
    {
      says: 'From the tenth minute to the end',
      line: 'rawreel mix-audio --input-file call.zip --output out --from 10m',
    },
    {
      says: 'Without the noise of microphones that nobody speaks into, where senders tell levels',
      line: 'rawreel mix-audio --input-file call.zip --output out --gate -50',
    },
    {
      says: 'For an editor: a channel for each participant',
      line: 'rawreel mix-audio --input-file call.zip --output out --format wav --layout per-user',
    },
  ],
  notes: [CUT_NOTE, INPUTS_NOTE, EXIT_CODE_NOTE],
  tracks: 'audio',
  options: {
    ...INPUTS,
    ...FILTERS,
    ...CUT,
    screenshare: flag({ group: 'What', help: 'include the sound of shared screens', default: true }),
    ...ALWAYS_FILLED,
    layout: choice({
      group: 'What',
      help: 'per-user keeps users apart: a track each in mkv, a channel each in wav (default: as recorded)',
      placeholder: 'layout',
      choices: MIX_LAYOUTS,
    }),
    loudness: decimal({
      group: 'What',
      help: 'normalize the mix to this loudness (EBU R128), such as -16 for a podcast',
      placeholder: 'LUFS',
      example: '-16',
      from: LOUDNESS_LUFS.least,
      to: LOUDNESS_LUFS.most,
    }),
    gate: GATE,
    ...OUTPUT,
    format: choice({
      group: 'Output',
      help: 'format of the mix',
      placeholder: 'format',
      choices: MIX_FORMATS,
      default: 'mp3',
    }),
    bitrate: count({
      group: 'Output',
      help: 'kbit/s for mp3, m4a and opus, and for mkv, which is lossless without it',
      placeholder: 'kbit/s',
      example: '128',
      from: BITRATES_KBPS.least,
      to: BITRATES_KBPS.most,
      unit: 'kbit/s',
    }),
    ...RUN_OPTIONS,
  },
});
