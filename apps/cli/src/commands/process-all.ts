import { CONTAINERS, MIX_FORMATS } from '@rawreel/processor/choices';
import { command } from '../declare/command-spec.ts';
import { choice, flag, text } from '../declare/kinds.ts';
import { GATE } from '../options/gate.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import {
  ALIGN,
  ALWAYS_FILLED,
  EXIT_CODE_NOTE,
  OUTPUT,
  RUN_OPTIONS,
  SKIP_EXISTING,
} from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const processAll = command({
  name: 'process-all',
  group: 'Make media',
  summary: 'Make everything in one pass: every track, sound with picture, and a mix of everybody.',
  examples: [
    { says: 'Everything', line: 'rawreel process-all --input-file call.zip --output out' },
    {
      says: 'From S3: files are started while the rest is still downloading',
      line: 'rawreel process-all --input-s3 s3://recordings/call.zip --output out',
    },
    {
      says: 'Several recordings, two at a time, each in a folder of its own',
      line: 'rawreel process-all monday.zip tuesday.zip --output out --jobs 2',
    },
    {
      says: 'A lossless mix, and a video of the call',
      line: 'rawreel process-all --input-file call.zip --output out --format flac --composite',
    },
    {
      says: 'Files of one user; the mix still has everybody',
      line: 'rawreel process-all --input-file call.zip --output out --user-id alice',
    },
    {
      says: 'No mix, and all files starting together for an editing timeline',
      line: 'rawreel process-all --input-file call.zip --output out --no-mix --align recording',
    },
  ],
  notes: [
    'Run it again after an interruption: finished files are not made again, unless the recording, the options or the version changed.',
    INPUTS_NOTE,
    EXIT_CODE_NOTE,
  ],
  options: {
    ...INPUTS,
    ...FILTERS,
    mix: flag({
      group: 'What',
      help: 'mix everybody into one file, whatever the filters select',
      default: true,
    }),
    gate: GATE,
    composite: flag({
      group: 'What',
      help: 'also make one video of the call, with the defaults of rawreel composite',
      default: false,
    }),
    ...ALWAYS_FILLED,
    align: ALIGN,
    ...OUTPUT,
    container: choice({
      group: 'Output',
      help: 'container of sound with picture; mp4 holds no VP8, webm no H264',
      placeholder: 'container',
      choices: CONTAINERS,
      default: 'mkv',
    }),
    format: choice({
      group: 'Output',
      help: 'format of the mix',
      placeholder: 'format',
      choices: MIX_FORMATS,
      default: 'mp3',
    }),
    force: flag({
      group: 'Output',
      help: 'make everything again, including files that an earlier run finished',
      default: false,
    }),
    report: text({
      group: 'Output',
      help: 'write a page on what happened in the call, in the same pass, as inspect --html does: a file, or s3://bucket/name.html',
      placeholder: 'file',
      completes: 'file',
      example: 'report.html',
    }),
    verify: flag({
      group: 'Output',
      help: 'read every file back and compare it with the recorded packets',
      default: false,
    }),
    ...RUN_OPTIONS,
    skipExisting: { ...SKIP_EXISTING, default: true },
  },
});
