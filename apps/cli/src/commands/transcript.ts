import { command } from '../declare/command-spec.ts';
import { flag, text } from '../declare/kinds.ts';
import { DISPLAY_NAMES } from '../options/display-names.ts';
import { OVERWRITE, SKIP_EXISTING } from '../options/media-files.ts';
import { PROGRESS, QUIET, VERBOSE } from '../options/printing.ts';

export const transcript = command({
  name: 'transcript',
  group: 'Make media',
  summary: 'Make one transcript of the call, with speakers, of what a transcriber made of the kit’s voices.',
  examples: [
    {
      says: 'Of results that lie beside the voices, named like them (voice_….vtt, .srt or .json)',
      line: 'rawreel transcript --kit kit',
    },
    {
      says: 'Run a transcriber on each voice first',
      line: 'rawreel transcript --kit kit --with "whisper {flac} --output_format json --output_dir {folder}"',
    },
    {
      says: 'The same with whisper.cpp, which wants WAV',
      line: 'rawreel transcript --kit kit --with "whisper-cli -m model.bin -f {wav} --output-json --output-file {base}"',
    },
    {
      says: 'When the budget was spoken of; --from of other commands takes these times',
      line: 'rawreel transcript --kit kit --search budget',
    },
  ],
  notes: [
    'It reads WebVTT, SRT, and the JSON of whisper, whisper.cpp, faster-whisper, whisperX, transformers, Deepgram, AssemblyAI, Amazon Transcribe, Google, Azure, Speechmatics and ElevenLabs.',
    'A command of --with is started without a shell. {wav} and {flac} are the voice; {vtt}, {srt}, {json}, {base} (without an ending) and {folder} are where to write. A command with none of those prints its result. What it made stays beside the voice, and is not made again.',
    'Exit codes: 0 every voice is in it; 1 a voice has no transcription, or nothing could be made; 2 usage error; 129, 130 or 143 interrupted.',
  ],
  options: {
    kit: text({
      group: 'Input',
      help: 'folder that transcription-kit has made',
      placeholder: 'folder',
      completes: 'folder',
      required: true,
    }),
    transcriptions: text({
      group: 'Input',
      help: 'folder of what the transcriber made (default: the kit)',
      placeholder: 'folder',
      completes: 'folder',
      example: 'results',
    }),
    with: text({
      group: 'Input',
      help: 'run this command for each voice that has no transcription yet',
      placeholder: 'command',
    }),
    again: flag({
      group: 'Input',
      help: 'run it also for voices that have one',
      default: false,
    }),
    names: DISPLAY_NAMES,
    output: text({
      group: 'Output',
      short: 'o',
      help: 'folder for the transcript (default: the kit)',
      placeholder: 'folder',
      completes: 'folder',
      example: 'out',
    }),
    search: text({
      group: 'Output',
      help: 'print the moments at which all of these words are said',
      placeholder: 'words',
      example: 'budget',
    }),
    skipExisting: {
      ...SKIP_EXISTING,
      help: 'keep files of a transcript that an earlier run made of the same words and names, and make the others',
    },
    overwrite: OVERWRITE,
    json: flag({ group: 'Output', help: 'print only the report or the error, as JSON', default: false }),
    quiet: QUIET,
    progress: PROGRESS,
    verbose: VERBOSE,
  },
});
