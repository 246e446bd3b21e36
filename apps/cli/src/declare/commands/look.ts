import type { CommandSpec } from '../spec.ts';
import { ACCEPT_DAMAGE, INPUT, LIMITS, QUIET, REMOTE, VERBOSE } from './shared-options.ts';

export const LOOK: readonly CommandSpec[] = [
  {
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
        says: 'Where it lies: of a ZIP, this reads little more than its directory',
        line: 'rawreel list-tracks --input-s3 s3://recordings/call.zip',
      },
      {
        says: 'Video tracks as JSON, of an extracted folder',
        line: 'rawreel list-tracks --input-dir ./call --format json --track-type video',
      },
    ],
    options: [
      ...INPUT,
      {
        name: 'track-type',
        group: 'What',
        help: 'only tracks of this kind, in every format',
        value: { placeholder: 'kind', choices: ['audio', 'video'] },
      },
      {
        name: 'format',
        group: 'Output',
        help: 'how to print',
        value: {
          placeholder: 'format',
          choices: ['table', 'json', 'users', 'sessions', 'tracks', 'completion'],
        },
        default: 'table',
      },
      {
        name: 'completion-type',
        group: 'Output',
        help: 'the ids that --format completion prints',
        value: { placeholder: 'ids', choices: ['users', 'sessions', 'tracks'] },
        default: 'tracks',
      },
      {
        name: 'output',
        group: 'Output',
        help: 'not used: a listing writes no file',
        value: { placeholder: 'folder', completes: 'folder' },
        hidden: true,
      },
      QUIET,
      VERBOSE,
      ACCEPT_DAMAGE,
      ...LIMITS,
      ...REMOTE,
    ],
  },
];
