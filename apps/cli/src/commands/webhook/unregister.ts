import { command } from '../../declare/command-spec.ts';
import { DESTINATION, HOOKS_NOTE, WRITE_UNASKED } from '../../options/hook-destination.ts';
import { DRY_RUN, STREAM } from '../../options/stream-access.ts';

export const webhookUnregister = command({
  name: 'webhook unregister',
  group: 'Record calls',
  summary: 'Stop sending events to a destination; all other hooks stay.',
  examples: [
    {
      says: 'Stop sending to an address',
      line: 'rawreel webhook unregister --url https://calls.example.com/webhooks/stream --yes',
    },
  ],
  notes: [HOOKS_NOTE],
  options: { ...DESTINATION, yes: WRITE_UNASKED, dryRun: DRY_RUN, ...STREAM },
});
