import type { CommandSpec, OptionSpec, TopicSpec } from '../spec.ts';
import { ACCESS, MODE_NOTES } from './access-options.ts';
import { JSON_OUTPUT, VERBOSE } from './shared-options.ts';

const GROUP = 'Record calls';

export const SETTINGS_TOPIC: TopicSpec = {
  name: 'settings',
  group: GROUP,
  summary: 'See and set when calls are recorded raw: of a call, a call type, or all call types.',
};

const TARGET: readonly OptionSpec[] = [
  {
    name: 'call',
    group: 'What',
    help: 'of this call; set overrides the call type for it',
    value: { placeholder: 'type:id' },
  },
  {
    name: 'call-type',
    group: 'What',
    help: 'of this call type, for all its calls that override nothing',
    value: { placeholder: 'name' },
  },
  { name: 'all-call-types', group: 'What', help: 'of every call type of the app', default: false },
];

export const CALL_SETTINGS: readonly CommandSpec[] = [
  {
    name: 'settings get',
    group: GROUP,
    summary: 'Show the mode of raw recording, and whether only sound is recorded.',
    examples: [
      { says: 'Of the whole app', line: 'rawreel settings get --all-call-types' },
      { says: 'As they hold for one call', line: 'rawreel settings get --call default:standup' },
    ],
    notes: MODE_NOTES,
    options: [...TARGET, JSON_OUTPUT, VERBOSE, ...ACCESS],
  },
  {
    name: 'settings set',
    group: GROUP,
    summary: 'Set the mode of raw recording, whether only sound is recorded, or both.',
    examples: [
      {
        says: 'Record every voice call by itself, sound only',
        line: 'rawreel settings set --call-type audio_room --mode auto-on --audio-only',
      },
      {
        says: 'See what would change',
        line: 'rawreel settings set --all-call-types --mode available --dry-run',
      },
      {
        says: 'Keep one call from being recorded raw',
        line: 'rawreel settings set --call default:standup --mode disabled',
      },
    ],
    notes: [...MODE_NOTES, 'What is not named stays as it is, and so do all other settings.'],
    options: [
      ...TARGET,
      {
        name: 'mode',
        group: 'What',
        help: 'when raw recording runs',
        value: { placeholder: 'mode', choices: ['disabled', 'available', 'auto-on'] },
      },
      { name: 'audio-only', group: 'What', help: 'record only sound' },
      {
        name: 'dry-run',
        group: 'Output',
        help: 'print the change as a diff, change nothing',
        default: false,
      },
      JSON_OUTPUT,
      VERBOSE,
      ...ACCESS,
    ],
  },
];
