import { command } from '../declare/command-spec.ts';
import { choice, optionalArgument, text } from '../declare/kinds.ts';
import { ID_KINDS } from '../declare/option.ts';
import { INPUT, LIMITS } from '../options/input.ts';
import { ACCEPT_DAMAGE } from '../options/media-files.ts';
import { JSON_OUTPUT, PROGRESS, QUIET, VERBOSE } from '../options/printing.ts';
import { REMOTE } from '../options/remote.ts';

export const listTracks = command({
  name: 'list-tracks',
  group: 'Look into a recording',
  summary: 'Show who was recorded: every track with its user, session, codec, start and length.',
  examples: [
    { says: 'A table', line: 'rawreel list-tracks --input-file call.zip' },
    {
      says: 'Ids, one per line, for a script',
      line: 'rawreel list-tracks --input-file call.zip --format users',
    },
    {
      says: 'From S3: little more than the directory of a ZIP is read',
      line: 'rawreel list-tracks --input-s3 s3://recordings/call.zip',
    },
    {
      says: 'Video tracks as JSON, of an extracted folder',
      line: 'rawreel list-tracks --input-dir ./call --format json --track-type video',
    },
  ],
  options: {
    recording: optionalArgument('recording'),
    ...INPUT,
    trackType: choice({
      group: 'What',
      help: 'only tracks of this kind, in every format',
      placeholder: 'kind',
      choices: ['audio', 'video'],
    }),
    format: choice({
      group: 'Output',
      help: 'output format',
      placeholder: 'format',
      choices: ['table', 'json', ...ID_KINDS, 'completion'],
      default: 'table',
    }),
    json: { ...JSON_OUTPUT, help: 'print only JSON, as --format json does; an error, too' },
    completionType: choice({
      group: 'Output',
      help: 'ids that --format completion prints',
      placeholder: 'ids',
      choices: ID_KINDS,
      default: 'tracks',
    }),
    output: text({
      group: 'Output',
      help: 'accepted, not used: a listing writes no file',
      placeholder: 'folder',
      completes: 'folder',
      mayBeEmpty: true,
      hidden: true,
    }),
    quiet: QUIET,
    progress: PROGRESS,
    verbose: VERBOSE,
    acceptDamage: ACCEPT_DAMAGE,
    ...LIMITS,
    ...REMOTE,
  },
});
