import { command } from '../../declare/command-spec.ts';
import { RECEIVER_URL } from '../../options/hook-destination.ts';
import { STREAM } from '../../options/stream-access.ts';

export const webhookTest = command({
  name: 'webhook test',
  group: 'Record calls',
  summary: 'Send a signed event to the receiver, as Stream would, and say what has come of it.',
  examples: [
    { says: 'To the address that is registered', line: 'rawreel webhook test' },
    {
      says: 'To another, before it is registered',
      line: 'rawreel webhook test --url https://calls.example.com/webhooks/stream',
    },
  ],
  notes: ['The event is of a type of its own, rawreel.test: it is stored, and no recording follows from it.'],
  options: { url: RECEIVER_URL, ...STREAM },
});
