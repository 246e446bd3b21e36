import { command } from '../../declare/command-spec.ts';
import { RECEIVER_URL } from '../../options/hook-destination.ts';
import { STREAM } from '../../options/stream-access.ts';

export const webhookTest = command({
  name: 'webhook test',
  group: 'Record calls',
  summary: 'Send a signed event to the receiver, as Stream would, and explain the answer.',
  examples: [
    { says: 'To the registered address', line: 'rawreel webhook test' },
    {
      says: 'To an address that is not registered yet',
      line: 'rawreel webhook test --url https://calls.example.com/webhooks/stream',
    },
  ],
  notes: ['The event has its own type, rawreel.test: the receiver stores it, and nothing else follows.'],
  options: { url: RECEIVER_URL, ...STREAM },
});
