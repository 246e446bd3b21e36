import { command } from '../../declare/command-spec.ts';
import { choice, flag } from '../../declare/kinds.ts';
import { TARGET } from '../../options/settings-target.ts';
import { DRY_RUN, MODE_NOTE, STREAM } from '../../options/stream-access.ts';

export const settingsSet = command({
  name: 'settings set',
  group: 'Record calls',
  summary: 'Set the mode of raw recording, whether only sound is recorded, or both.',
  examples: [
    {
      says: 'Record every voice call automatically, sound only',
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
  notes: [MODE_NOTE, 'Settings that are not given stay unchanged, as do all other settings.'],
  options: {
    ...TARGET,
    mode: choice({
      group: 'What',
      help: 'when raw recording runs',
      placeholder: 'mode',
      choices: ['disabled', 'available', 'auto-on'],
    }),
    audioOnly: flag({ group: 'What', help: 'record only sound' }),
    dryRun: DRY_RUN,
    ...STREAM,
  },
});
