import type { HookDestination } from '@rawreel/recording-control';
import { UsageError } from '../failure/errors.ts';
import { type ControlSettings, controlSettings } from './control-settings.ts';
import type { ParsedOptions } from './parse.ts';
import { empty } from './settings.ts';

export interface WriteHookSettings extends ControlSettings {
  readonly destination: HookDestination;
  readonly isConfirmed: boolean;
  readonly dryRun: boolean;
}

export interface RegisterSettings extends WriteHookSettings {
  /** Empty: all; undefined: those of recordings. */
  readonly eventTypes: readonly string[] | undefined;
}

/** @throws UsageError as every function here */
export function registerSettings(options: ParsedOptions): RegisterSettings {
  const settings = unregisterSettings(options);
  const { destination } = settings;
  if (destination.type === 'sqs' && destination.region === '')
    throw new UsageError("the queue's URL does not say its region", ['Give it with --region']);
  return { ...settings, eventTypes: eventTypesOf(options.event) };
}

export function unregisterSettings(options: ParsedOptions): WriteHookSettings {
  const { yes = false, dryRun = false } = options;
  return {
    ...controlSettings(options),
    destination: destinationOf(options),
    isConfirmed: yes,
    dryRun,
  };
}

export interface WebhookTestSettings extends ControlSettings {
  /** Undefined: the one that is registered. */
  readonly url: string | undefined;
}

export function webhookTestSettings(options: ParsedOptions): WebhookTestSettings {
  const { url } = options;
  return { ...controlSettings(options), url: url === undefined ? undefined : receiverUrl(url) };
}

function destinationOf({ url, sqs, sns, region }: ParsedOptions): HookDestination {
  const given = Object.entries({ url, sqs, sns }).filter(([, value]) => value !== undefined);
  const [first] = given;
  if (first === undefined || given.length > 1)
    throw new UsageError('one of --url, --sqs and --sns says where events go');
  if (first[1] === '') throw empty(`--${first[0]}`);
  if (url !== undefined) return { type: 'webhook', url: receiverUrl(url) };
  if (sqs !== undefined) return queueAt(sqs, region);
  return topicOf(sns ?? '');
}

/** Events say who was in which call: `http` only to this machine. */
function receiverUrl(text: string): string {
  const url = URL.parse(text);
  const isLocal = /^(?:localhost|127[.][\d.]+|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLocal))
    throw new UsageError('--url takes an https:// address', [
      'As Stream reaches it: https://calls.example.com/webhooks/stream',
    ]);
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new UsageError('--url takes an address without user, password and #');
  return text;
}

const QUEUE_HOST = /^(?:sqs[.]([a-z0-9-]+)|([a-z0-9-]+)[.]queue)[.]amazonaws[.]com(?:[.]cn)?$/;

/** Its region is empty where nothing says it: to unregister it, none is needed. */
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

function eventTypesOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  if (text === '') throw empty('--event');
  if (text === 'all') return [];
  const types = text.split(',').map((type) => type.trim());
  const odd = types.find((type) => !/^[a-z][\w.]*$/.test(type));
  if (odd === undefined) return types;
  throw new UsageError(`--event takes types such as call.recording_ready, comma between, not "${odd}"`);
}
