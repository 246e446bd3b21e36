import {
  COMPOSITE_FITS,
  COMPOSITE_FORMATS,
  COMPOSITE_FPS,
  COMPOSITE_LAYOUTS,
  COMPOSITE_PLACES,
  X264_PRESETS,
} from '@rawreel/processor/choices';
import { command } from '../declare/command-spec.ts';
import { choice, count, flag, parsed, text } from '../declare/kinds.ts';
import { readColour, readColourOrNone, readPictureSize, readUserList } from '../declare/read-values.ts';
import { CUT } from '../options/cut.ts';
import { DISPLAY_NAMES } from '../options/display-names.ts';
import { INPUTS, INPUTS_NOTE } from '../options/inputs.ts';
import { EXIT_CODE_NOTE, OUTPUT, RUN_OPTIONS } from '../options/media-files.ts';

const USERS = { group: 'What', placeholder: 'id,id', completes: 'users', read: readUserList } as const;

export const composite = command({
  name: 'composite',
  group: 'Make media',
  summary: 'Make one video of the call: who was there, what they shared, who spoke.',
  examples: [
    { says: 'The meeting as an MP4', line: 'rawreel composite --input-file call.zip --output out' },
    {
      says: 'With a title, whoever speaks on the stage',
      line: 'rawreel composite --input-file call.zip --output out --layout spotlight --title Stand-up',
    },
    {
      says: 'Ten minutes of it, upright, without one participant',
      line: 'rawreel composite --input-file call.zip --output out --size 720x1280 --from 5m --to 15m --without carol',
    },
    {
      says: 'The scenes first, to be edited; then the video of them',
      line: 'rawreel composite --input-file call.zip --output out --no-film',
    },
  ],
  notes: [
    'It needs ffmpeg with libx264 (libvpx-vp9 for webm). Names, title and logo need the package @napi-rs/canvas (npm i -g @napi-rs/canvas); without it the report says what is not drawn.',
    'Of one recording --dry-run prints the scenes, too: it is read for them, as with --no-film.',
    INPUTS_NOTE,
    EXIT_CODE_NOTE,
  ],
  options: {
    ...INPUTS,
    layout: choice({
      group: 'What',
      help: 'how people and shared screens are arranged; auto, the default, is a grid, and a shared screen takes the stage',
      placeholder: 'layout',
      choices: COMPOSITE_LAYOUTS,
    }),
    size: parsed({
      group: 'What',
      help: 'width and height of the picture (default: 1280x720)',
      placeholder: 'width x height',
      example: '1920x1080',
      read: readPictureSize,
    }),
    fps: count({
      group: 'What',
      help: 'pictures per second (default: 25)',
      placeholder: 'count',
      example: '30',
      from: COMPOSITE_FPS.least,
      to: COMPOSITE_FPS.most,
    }),
    fit: choice({
      group: 'What',
      help: 'a camera of another shape than its place is shown whole (contain, the default), or cut; never stretched',
      placeholder: 'fit',
      choices: COMPOSITE_FITS,
    }),
    places: count({
      group: 'What',
      help: 'most people seen at a time (default: 16)',
      placeholder: 'count',
      example: '9',
      from: COMPOSITE_PLACES.least,
      to: COMPOSITE_PLACES.most,
    }),
    background: parsed({
      group: 'What',
      help: 'background colour, six digits as in CSS (default: 16181d)',
      placeholder: 'rrggbb',
      example: '101418',
      read: readColour,
    }),
    title: text({ group: 'What', help: 'a title at the top', placeholder: 'text', example: 'Stand-up' }),
    logo: text({
      group: 'What',
      help: 'a picture for the corner',
      placeholder: 'file',
      completes: 'file',
      example: 'logo.png',
    }),
    ...CUT,
    options: text({
      group: 'What',
      help: 'a JSON file with the layout options of a Stream call type, under their own names; what cannot be honoured is listed',
      placeholder: 'file',
      completes: 'file',
      example: 'layout.json',
    }),
    scenes: text({
      group: 'What',
      help: 'the scenes of an earlier run, perhaps edited, instead of new ones',
      placeholder: 'file',
      completes: 'file',
      example: 'scenes.json',
    }),
    users: parsed({ ...USERS, help: 'only these users are seen and heard', example: 'alice,bob' }),
    without: parsed({ ...USERS, help: 'these users are neither seen nor heard', example: 'carol' }),
    blur: parsed({ ...USERS, help: 'these users are heard, and seen blurred', example: 'carol' }),
    names: DISPLAY_NAMES,
    captions: text({
      group: 'What',
      help: 'a transcript of the call (WebVTT, SRT or JSON, as rawreel transcript writes it) as captions that players can show: in the video, and as WebVTT beside it',
      placeholder: 'file',
      completes: 'file',
      example: 'transcript.vtt',
    }),
    labels: flag({ group: 'What', help: 'show names on the tiles; --no-labels hides them (default: shown)' }),
    speakerBorder: parsed({
      group: 'What',
      help: 'colour of the border around whoever speaks (default: 3ea6ff); none: no border',
      placeholder: 'rrggbb',
      example: 'none',
      read: readColourOrNone,
    }),
    ...OUTPUT,
    format: choice({
      group: 'Output',
      help: 'mp4 is H.264 and AAC, webm VP9 and Opus, mkv H.264 and Opus',
      placeholder: 'format',
      choices: COMPOSITE_FORMATS,
      default: 'mp4',
    }),
    film: flag({
      group: 'Output',
      help: 'make the video beside the file of its scenes; --no-film makes the scenes only',
      default: true,
    }),
    verify: flag({
      group: 'Output',
      help: 'read the video back: its length, and that a decoder takes it',
      default: false,
    }),
    encoder: text({
      group: 'Advanced',
      help: 'ffmpeg’s name of another H.264 encoder, such as h264_videotoolbox',
      placeholder: 'name',
      example: 'h264_videotoolbox',
    }),
    preset: choice({
      group: 'Advanced',
      help: 'of x264: slower ones make smaller files (default: veryfast)',
      placeholder: 'preset',
      choices: X264_PRESETS,
    }),
    ...RUN_OPTIONS,
  },
});
