import type { CommandSpec, OptionSpec, TopicSpec } from '../spec.ts';
import { ACCESS } from './access-options.ts';
import { JSON_OUTPUT, VERBOSE } from './shared-options.ts';

const GROUP = 'Record calls';

export const WEBHOOK_TOPIC: TopicSpec = {
  name: 'webhook',
  group: GROUP,
  summary: 'Have Stream send the events of recordings to a receiver, and see that they arrive.',
};

const URL: OptionSpec = {
  name: 'url',
  group: 'What',
  help: 'address of the receiver, as Stream reaches it',
  value: { placeholder: 'url' },
};

const DESTINATION: readonly OptionSpec[] = [
  URL,
  {
    name: 'sqs',
    group: 'What',
    help: 'URL of a queue that Stream may send to, by its policy',
    value: {
      placeholder: 'url',
      example: 'https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events',
    },
  },
  {
    name: 'sns',
    group: 'What',
    help: 'ARN of a topic that Stream may publish to, by its policy',
    value: { placeholder: 'arn', example: 'arn:aws:sns:eu-central-1:123456789012:stream-events' },
  },
];

const YES: OptionSpec = { name: 'yes', group: 'What', help: 'write without asking', default: false };
const DRY_RUN: OptionSpec = {
  name: 'dry-run',
  group: 'Output',
  help: 'print the change as a diff, change nothing',
  default: false,
};
const COMMON = [JSON_OUTPUT, VERBOSE, ...ACCESS];

const NOTES: readonly string[] = [
  'Stream takes all hooks of an app at once. They are read, changed, shown, read again and written with every field that came, and then read once more. Nothing is written where another hook could be lost by it.',
];

export const WEBHOOK: readonly CommandSpec[] = [
  {
    name: 'webhook register',
    group: GROUP,
    summary: 'Have Stream send the events of recordings to an address, a queue of SQS or a topic of SNS.',
    examples: [
      {
        says: 'See what would change',
        line: 'rawreel webhook register --url https://calls.example.com/webhooks/stream --dry-run',
      },
      {
        says: 'To a queue, without being asked',
        line: 'rawreel webhook register --sqs https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events --yes',
      },
    ],
    notes: NOTES,
    options: [
      ...DESTINATION,
      {
        name: 'region',
        group: 'What',
        help: 'of the queue, where its URL does not say',
        value: { placeholder: 'region', example: 'eu-central-1' },
      },
      {
        name: 'event',
        group: 'What',
        help: 'types of events, comma between, or all (default: call.recording_started, …_stopped, …_ready, …_failed)',
        value: { placeholder: 'types', example: 'call.recording_ready,call.recording_failed' },
      },
      YES,
      DRY_RUN,
      ...COMMON,
    ],
  },
  {
    name: 'webhook show',
    group: GROUP,
    summary: 'Show where Stream sends the events of the app, without secrets.',
    examples: [{ says: 'All hooks', line: 'rawreel webhook show' }],
    options: COMMON,
  },
  {
    name: 'webhook unregister',
    group: GROUP,
    summary: 'Have Stream send no events there any more; all other hooks stay.',
    examples: [
      {
        says: 'No more to that address',
        line: 'rawreel webhook unregister --url https://calls.example.com/webhooks/stream --yes',
      },
    ],
    notes: NOTES,
    options: [...DESTINATION, YES, DRY_RUN, ...COMMON],
  },
  {
    name: 'webhook test',
    group: GROUP,
    summary: 'Send a signed event to the receiver, as Stream would, and say what has come of it.',
    examples: [
      { says: 'To the address that is registered', line: 'rawreel webhook test' },
      {
        says: 'To another, before it is registered',
        line: 'rawreel webhook test --url https://calls.example.com/webhooks/stream',
      },
    ],
    notes: [
      'The event is of a type of its own, rawreel.test: it is stored, and no recording follows from it.',
    ],
    options: [URL, ...COMMON],
  },
];
