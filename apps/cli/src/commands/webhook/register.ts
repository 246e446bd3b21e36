import { command } from '../../declare/command-spec.ts';
import { parsed, text } from '../../declare/kinds.ts';
import { emptyValue } from '../../declare/value-errors.ts';
import { UsageError } from '../../failure/errors.ts';
import { DESTINATION, HOOKS_NOTE, WRITE_UNASKED } from '../../options/hook-destination.ts';
import { DRY_RUN, STREAM } from '../../options/stream-access.ts';

export const webhookRegister = command({
  name: 'webhook register',
  group: 'Record calls',
  summary: 'Send the events of recordings from Stream to an address, an SQS queue or an SNS topic.',
  examples: [
    {
      says: 'See what would change',
      line: 'rawreel webhook register --url https://calls.example.com/webhooks/stream --dry-run',
    },
    {
      says: 'To a queue, without confirmation',
      line: 'rawreel webhook register --sqs https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events --yes',
    },
  ],
  notes: [HOOKS_NOTE],
  options: {
    ...DESTINATION,
    region: text({
      group: 'What',
      help: 'region of the queue, if its URL does not contain it',
      placeholder: 'region',
      example: 'eu-central-1',
    }),
    event: parsed({
      group: 'What',
      help: 'event types separated by commas, or all (default: call.recording_started, …_stopped, …_ready, …_failed)',
      placeholder: 'types',
      example: 'call.recording_ready,call.recording_failed',
      read: readEventTypes,
    }),
    yes: WRITE_UNASKED,
    dryRun: DRY_RUN,
    ...STREAM,
  },
});

/** Empty: all. */
function readEventTypes(given: string, name: string): readonly string[] {
  if (given === '') throw emptyValue(name);
  if (given === 'all') return [];
  const types = given.split(',').map((type) => type.trim());
  const odd = types.find((type) => !/^[a-z][\w.]*$/.test(type));
  if (odd === undefined) return types;
  throw new UsageError(
    `${name} takes event types separated by commas, such as call.recording_ready, not "${odd}"`,
  );
}
