import { PODCAST_FORMATS, PROXY_CODECS, PROXY_FPS, STEM_FORMATS } from '@rawreel/processor/choices';
import { command } from '../declare/command-spec.ts';
import { choice, flag, parsed } from '../declare/kinds.ts';
import { readPictureSize } from '../declare/read-values.ts';
import { DISPLAY_NAMES } from '../options/display-names.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import { EXIT_CODE_NOTE, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';
import { FILTERS } from '../options/track-filter.ts';

export const exportCall = command({
  name: 'export',
  group: 'Make media',
  summary: 'Hand the call on: to a program that edits video or sound, to a podcast, to a transcriber.',
  examples: [
    {
      says: 'For Premiere, Resolve, Final Cut, Reaper, Audacity: pictures, sound and their timeline',
      line: 'rawreel export --input-file call.zip --output cut --for editor',
    },
    {
      says: 'The same as ProRes, 30 pictures a second',
      line: 'rawreel export --input-file call.zip --output cut --for editor --codec prores --cfr 30',
    },
    {
      says: 'For a podcast: a stem per person, the mix at −16 LUFS with chapters, words for its page',
      line: 'rawreel export --input-file call.zip --output episode --for podcast',
    },
  ],
  notes: [
    'Everything for an editor begins at one moment: files may be laid side by side as they are, and the timelines name them by their names, in the same folder.',
    'The editor’s files need ffmpeg with libx264 or prores_ks; --for transcription makes what transcription-kit does.',
    INPUTS_NOTE,
    EXIT_CODE_NOTE,
  ],
  options: {
    ...INPUTS,
    for: choice({
      group: 'What',
      help: 'who it is for',
      placeholder: 'whom',
      choices: ['editor', 'podcast', 'transcription'],
      required: true,
    }),
    ...FILTERS,
    names: DISPLAY_NAMES,
    cfr: choice({
      group: 'What',
      help: 'pictures a second of the editor’s files, 25 unless given',
      placeholder: 'rate',
      choices: PROXY_FPS.map(String),
    }),
    codec: choice({
      group: 'What',
      help: 'h264 (unless given) is H.264 and AAC in MP4, prores is ProRes Proxy and PCM in MOV',
      placeholder: 'codec',
      choices: PROXY_CODECS,
    }),
    size: parsed({
      group: 'What',
      help: 'width and height of the editor’s pictures (default: 1280x720)',
      placeholder: 'width x height',
      example: '1920x1080',
      read: readPictureSize,
    }),
    stems: choice({
      group: 'What',
      help: 'format of a podcast’s stems, flac unless given; an editor’s are Broadcast Wave',
      placeholder: 'format',
      choices: STEM_FORMATS,
    }),
    format: choice({
      group: 'What',
      help: 'format of a podcast’s mix, mp3 unless given',
      placeholder: 'format',
      choices: PODCAST_FORMATS,
    }),
    ...OUTPUT,
    verify: flag({
      group: 'Output',
      help: 'read the files back: their length, and that a decoder takes them',
      default: false,
    }),
    ...RUN_OPTIONS,
  },
});
