import { command } from '../declare/command-spec.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import { EXIT_CODE_NOTE, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const transcriptionKit = command({
  name: 'transcription-kit',
  group: 'Make media',
  summary:
    'Write the input for speech-to-text: each voice as 16 kHz FLAC on one clock, and who spoke when as JSON, RTTM and WebVTT.',
  examples: [
    { says: 'Everybody', line: 'rawreel transcription-kit --input-file call.zip --output kit' },
    {
      says: 'Then transcribe each voice; the times are those of the call',
      line: 'for voice in kit/voice_*.flac; do whisper "$voice" --output_dir kit; done; rawreel transcript --kit kit',
    },
    {
      says: 'One user, the report for a program',
      line: 'rawreel transcription-kit --input-file call.zip --output kit --user-id alice --json',
    },
  ],
  notes: [
    'All files share one time 0, and the JSON names the FLAC of each participant. The sound of shared screens is not included. Needs ffmpeg.',
    INPUTS_NOTE,
    EXIT_CODE_NOTE,
  ],
  tracks: 'audio',
  options: { ...INPUTS, ...FILTERS, ...OUTPUT, ...RUN_OPTIONS },
});
