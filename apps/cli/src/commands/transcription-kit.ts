import { command } from '../declare/command-spec.ts';
import { INPUT } from '../options/input.ts';
import { EXIT_CODE_NOTE, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const transcriptionKit = command({
  name: 'transcription-kit',
  group: 'Make media',
  summary:
    'Write what speech-to-text wants: each voice as 16 kHz FLAC on one clock, and who spoke when as JSON, RTTM and WebVTT.',
  examples: [
    { says: 'Everybody', line: 'rawreel transcription-kit --input-file call.zip --output kit' },
    {
      says: 'Then a transcript of each voice; its times are those of the call',
      line: 'for voice in kit/voice_*.flac; do whisper "$voice" --output_dir kit; done',
    },
    {
      says: 'One user, the report for a program',
      line: 'rawreel transcription-kit --input-file call.zip --output kit --user-id alice --json',
    },
  ],
  notes: [
    'All files count from the same zero, and the JSON names the FLAC of each participant. Sound of shared screens is left out. Needs ffmpeg.',
    EXIT_CODE_NOTE,
  ],
  tracks: 'audio',
  options: { ...INPUT, ...FILTERS, ...OUTPUT, ...RUN_OPTIONS },
});
