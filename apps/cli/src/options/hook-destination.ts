import type { HookDestination } from '@rawreel/recording-control';
import { flag, parsed, text } from '../declare/kinds.ts';
import type { OptionsOf } from '../declare/option.ts';
import { emptyValue, exclusive } from '../declare/value-errors.ts';
import { UsageError } from '../failure/errors.ts';

export const RECEIVER_URL = parsed({
  group: 'What',
  help: 'address of the receiver, as reached by Stream',
  placeholder: 'url',
  read: readReceiverUrl,
});

/** Where events go: exactly one of them. */
export const DESTINATION = {
  url: RECEIVER_URL,
  sqs: text({
    group: 'What',
    help: 'URL of a queue that Stream may send to, by its policy',
    placeholder: 'url',
    example: 'https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events',
  }),
  sns: text({
    group: 'What',
    help: 'ARN of a topic that Stream may publish to, by its policy',
    placeholder: 'arn',
    example: 'arn:aws:sns:eu-central-1:123456789012:stream-events',
  }),
};

export const WRITE_UNASKED = flag({ group: 'What', help: 'write without confirmation', default: false });

export const HOOKS_NOTE =
  'Stream stores all hooks of an app at once. They are read, changed, shown, read again, written with every field, and read once more. Nothing is written if another hook could be lost.';

/** Events say who was in which call: `http` only to this machine. */
function readReceiverUrl(given: string, name: string): string {
  if (given === '') throw emptyValue(name);
  const url = URL.parse(given);
  const isLocal = /^(?:localhost|127[.][\d.]+|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal))
    throw new UsageError(`${name} takes an https:// address`, [
      'As Stream reaches it: https://calls.example.com/webhooks/stream',
    ]);
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new UsageError(`${name} takes an address without user, password and #`);
  return given;
}

/**
 * @param region of a queue; empty in the answer where nothing says it: to unregister it, none is needed
 * @throws UsageError unless one of them is given, and as it should be
 */
export function destinationOf(
  { url, sqs, sns }: OptionsOf<typeof DESTINATION>,
  region?: string,
): HookDestination {
  exclusive({ '--url': url, '--sqs': sqs, '--sns': sns });
  if (url !== undefined) return { type: 'webhook', url };
  if (sqs !== undefined) return queueAt(sqs, region);
  if (sns !== undefined) return topicOf(sns);
  throw new UsageError('no destination selected', ['Add --url, --sqs or --sns.']);
}

const QUEUE_HOST = /^(?:sqs[.]([a-z0-9-]+)|([a-z0-9-]+)[.]queue)[.]amazonaws[.]com(?:[.]cn)?$/;

function queueAt(text: string, region: string | undefined): HookDestination {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError('--sqs takes the URL of a queue', [
      'As AWS shows it: https://sqs.eu-central-1.amazonaws.com/123456789012/stream-events',
    ]);
  const [, known, legacy] = QUEUE_HOST.exec(url.hostname) ?? [];
  return { type: 'sqs', queueUrl: text, region: region ?? known ?? legacy ?? '' };
}

function topicOf(arn: string): HookDestination {
  const [, region] = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d+:[\w.-]+$/.exec(arn) ?? [];
  if (region === undefined)
    throw new UsageError('--sns takes the ARN of a topic', [
      'As AWS shows it: arn:aws:sns:eu-central-1:123456789012:stream-events',
    ]);
  return { type: 'sns', topicArn: arn, region };
}
