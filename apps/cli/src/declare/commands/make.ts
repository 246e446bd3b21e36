import {
  ALIGN_POLICIES,
  CONTAINERS,
  MEDIA_CHOICES,
  MIX_FORMATS,
  MIX_LAYOUTS,
} from '@rawreel/processor/choices';
import type { CommandSpec, OptionSpec } from '../spec.ts';
import { ACCEPT_DAMAGE, INPUT, LIMITS, OUTPUT, QUIET, REMOTE, VERBOSE } from './shared-options.ts';

const FILTERS: readonly OptionSpec[] = [
  {
    name: 'user-id',
    group: 'What',
    help: 'only this user (at most one of the three filters)',
    value: { placeholder: 'id', completes: 'users' },
  },
  {
    name: 'session-id',
    group: 'What',
    help: 'only this session: one connection of one user',
    value: { placeholder: 'id', completes: 'sessions', example: '5aa342ad-b502-427b-b76e-0d747ad9b547' },
  },
  {
    name: 'track-id',
    group: 'What',
    help: 'only this track',
    value: { placeholder: 'id', completes: 'tracks', example: 'de63e3c1-6561-477e-a3f3-442bcb66457e' },
  },
];

const FILL_GAPS: OptionSpec = {
  name: 'fill-gaps',
  group: 'What',
  help: 'fill mutes and reconnects with silence or black, so that every player shows the time',
  default: true,
};

const FIX_DTX: OptionSpec = {
  name: 'fix-dtx',
  group: 'What',
  help: 'write out the silence that the sender left out (DTX), so that no decoder shrinks it',
  default: true,
};

/** Always on for these commands, and accepted, so that a script's flags need no sorting. */
const ALWAYS_FILLED: readonly OptionSpec[] = [
  { ...FILL_GAPS, hidden: true },
  { ...FIX_DTX, hidden: true },
];

const ALIGN: OptionSpec = {
  name: 'align',
  group: 'What',
  help: "time 0 of a file: the track's own start, or the recording's, the same for all files",
  value: { placeholder: 'where', choices: ALIGN_POLICIES },
  default: 'track',
};

const MEDIA: OptionSpec = {
  name: 'media',
  group: 'What',
  help: 'pair microphones with cameras (user), shared sound with shared screens (display), or both',
  value: { placeholder: 'which', choices: MEDIA_CHOICES },
  default: 'both',
};

const INCLUDE_SINGLE: OptionSpec = {
  name: 'include-single',
  group: 'What',
  help: 'write tracks that have no partner too, each by itself',
  default: false,
};

const CONTAINER: OptionSpec = {
  name: 'container',
  group: 'Output',
  help: 'mkv holds every codec, mp4 no VP8, webm no H264; nothing is re-encoded',
  value: { placeholder: 'container', choices: CONTAINERS },
  default: 'mkv',
};

const SCREENSHARE: OptionSpec = {
  name: 'screenshare',
  group: 'What',
  help: 'hear what was played in shared screens',
  default: true,
};

const LAYOUT: OptionSpec = {
  name: 'layout',
  group: 'What',
  help: 'per-user keeps voices apart: a track each in mkv, a channel each in wav (default: as recorded)',
  value: { placeholder: 'layout', choices: MIX_LAYOUTS },
};

const LOUDNESS: OptionSpec = {
  name: 'loudness',
  group: 'What',
  help: 'bring the whole to this loudness, EBU R128, such as -16 for a podcast',
  value: { placeholder: 'LUFS' },
};

const BITRATE: OptionSpec = {
  name: 'bitrate',
  group: 'Output',
  help: 'kbit/s of mp3, m4a and opus, and of mkv, which is lossless without it',
  value: { placeholder: 'kbit/s', example: '128' },
};

const mixFormat = (name: string): OptionSpec => ({
  name,
  group: 'Output',
  help: 'what the mix is written as',
  value: { placeholder: 'format', choices: MIX_FORMATS },
  default: 'mp3',
});

const WORKERS: OptionSpec = {
  name: 'workers',
  group: 'Advanced',
  help: 'tracks worked on at the same time (default: one per processor core)',
  value: { placeholder: 'count', example: '4' },
};

const MAX_OUTPUT: OptionSpec = {
  name: 'max-output',
  group: 'Advanced',
  help: 'leave gaps unfilled where all files would come to more (default: what suits the recorded media)',
  value: { placeholder: 'size', example: '20G' },
};

/** What every command that makes files has beside what it makes. */
const HOW: readonly OptionSpec[] = [QUIET, VERBOSE, ACCEPT_DAMAGE, ...LIMITS, MAX_OUTPUT, ...REMOTE, WORKERS];

const EXTRACT_NOTES: readonly string[] = [
  'Exit codes: 0 all made, 1 something could not be made, 2 usage, 3 made from a damaged archive, 129, 130 or 143 interrupted.',
];

export const MAKE: readonly CommandSpec[] = [
  {
    name: 'extract-audio',
    group: 'Make media',
    summary: 'Write one playable MKV per audio track, exact in time, without re-encoding.',
    examples: [
      { says: 'Everybody', line: 'rawreel extract-audio --input-file call.zip --output out' },
      {
        says: 'One user, all files starting together for an editing timeline',
        line: 'rawreel extract-audio --input-file call.zip --output out --user-id alice --align recording',
      },
      {
        says: 'See what would be written',
        line: 'rawreel extract-audio --input-file call.zip --dry-run',
      },
    ],
    notes: EXTRACT_NOTES,
    options: [...INPUT, ...FILTERS, FILL_GAPS, FIX_DTX, ALIGN, ...OUTPUT, ...HOW],
  },
  {
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
    notes: EXTRACT_NOTES,
    options: [...INPUT, ...FILTERS, FILL_GAPS, ALIGN, ...OUTPUT, ...HOW],
  },
  {
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
        says: 'One user, for the web, also what has no partner',
        line: 'rawreel mux-av --input-file call.zip --output out --user-id alice --container webm --include-single',
      },
    ],
    notes: EXTRACT_NOTES,
    options: [
      ...INPUT,
      ...FILTERS,
      MEDIA,
      INCLUDE_SINGLE,
      ...ALWAYS_FILLED,
      ALIGN,
      ...OUTPUT,
      CONTAINER,
      ...HOW,
    ],
  },
  {
    name: 'mix-audio',
    group: 'Make media',
    summary: 'Mix everybody into one file: nothing clips, and nobody is turned down who speaks alone.',
    examples: [
      { says: 'An MP3 of the call', line: 'rawreel mix-audio --input-file call.zip --output out' },
      {
        says: 'For a podcast: lossless, at the usual loudness, without shared screens',
        line: 'rawreel mix-audio --input-file call.zip --output out --format flac --loudness -16 --no-screenshare',
      },
      {
        says: 'For an editor: a channel for each participant',
        line: 'rawreel mix-audio --input-file call.zip --output out --format wav --layout per-user',
      },
    ],
    notes: EXTRACT_NOTES,
    options: [
      ...INPUT,
      ...FILTERS,
      SCREENSHARE,
      ...ALWAYS_FILLED,
      LAYOUT,
      LOUDNESS,
      ...OUTPUT,
      mixFormat('format'),
      BITRATE,
      ...HOW,
    ],
  },
  {
    name: 'process-all',
    group: 'Make media',
    summary: 'Make all of it from one reading: every track, sound with picture, and a mix of everybody.',
    examples: [
      { says: 'Everything', line: 'rawreel process-all --input-file call.zip --output out' },
      {
        says: 'Where it lies: files are begun while the rest still comes in',
        line: 'rawreel process-all --input-s3 s3://recordings/call.zip --output out',
      },
      {
        says: 'Files of one user; the mix is of everybody all the same',
        line: 'rawreel process-all --input-file call.zip --output out --user-id alice',
      },
      {
        says: 'No mix, and all files starting together for an editing timeline',
        line: 'rawreel process-all --input-file call.zip --output out --no-mix --align recording',
      },
    ],
    notes: [
      'Run it again after it was broken off: files that are whole are not made again, unless the recording, the options or the version are others.',
      ...EXTRACT_NOTES,
    ],
    options: [
      ...INPUT,
      ...FILTERS,
      {
        name: 'mix',
        group: 'What',
        help: 'mix everybody into one file, whatever the filters choose',
        default: true,
      },
      ...ALWAYS_FILLED,
      ALIGN,
      ...OUTPUT,
      {
        name: 'force',
        group: 'Output',
        help: 'make everything anew, also what an earlier run has finished',
        default: false,
      },
      {
        name: 'verify',
        group: 'Output',
        help: 'read every file back and compare it with the packets it was made from',
        default: false,
      },
      ...HOW,
    ],
  },
  {
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
      ...EXTRACT_NOTES,
    ],
    options: [...INPUT, ...FILTERS, ...OUTPUT, ...HOW],
  },
];
