/** A hook as Stream has it, fields that nobody here knows included. */
export type StoredHook = Readonly<Record<string, unknown>>;

/** Where events are to go. */
export type HookDestination =
  | { readonly type: 'webhook'; readonly url: string }
  /** Stream writes there by the queue's own policy. */
  | { readonly type: 'sqs'; readonly queueUrl: string; readonly region: string }
  | { readonly type: 'sns'; readonly topicArn: string; readonly region: string };

/** What tells of recordings. */
export const RECORDING_EVENT_TYPES = [
  'call.recording_started',
  'call.recording_stopped',
  'call.recording_ready',
  'call.recording_failed',
] as const;

/** The field that says where hooks of each type send to. */
export const ADDRESS_FIELDS = {
  webhook: 'webhook_url',
  sqs: 'sqs_queue_url',
  sns: 'sns_topic_arn',
} as const satisfies Record<HookDestination['type'], string>;

export function isSentTo(hook: StoredHook, destination: HookDestination): boolean {
  const { type } = destination;
  return hook['hook_type'] === type && hook[ADDRESS_FIELDS[type]] === addressOf(destination);
}

export function addressOf(destination: HookDestination): string {
  switch (destination.type) {
    case 'webhook':
      return destination.url;
    case 'sqs':
      return destination.queueUrl;
    case 'sns':
      return destination.topicArn;
    default:
      return destination satisfies never;
  }
}

/** https://getstream.io/docs/platform/webhooks/ */
export function newHook(destination: HookDestination, eventTypes: readonly string[]): StoredHook {
  const common = { enabled: true, hook_type: destination.type, event_types: eventTypes };
  switch (destination.type) {
    case 'webhook':
      return { ...common, webhook_url: destination.url };
    case 'sqs':
      return {
        ...common,
        sqs_queue_url: destination.queueUrl,
        sqs_region: destination.region,
        sqs_auth_type: 'resource',
      };
    case 'sns':
      return {
        ...common,
        sns_topic_arn: destination.topicArn,
        sns_region: destination.region,
        sns_auth_type: 'resource',
      };
    default:
      return destination satisfies never;
  }
}

/** Empty: all that there are, and all that will be. */
export function eventTypesOf({ event_types: types }: StoredHook): readonly string[] {
  return Array.isArray(types) ? types.filter((type) => typeof type === 'string') : [];
}

const SECRET_FIELD = /secret|password|credential|token|_key$/i;
const HIDDEN = '…';

/** For people: values that open something are hidden, and so is what follows `?` in an address. */
export function withoutHookSecrets(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutHookSecrets(each, field));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, withoutHookSecrets(inner, name)]),
    );
  if (typeof value !== 'string' || value === '') return value;
  return SECRET_FIELD.test(field)
    ? HIDDEN
    : value
        .replace(/^([a-z][\w+.-]*:\/\/)[^/@]*@/i, `$1${HIDDEN}@`)
        .replace(/^([a-z][\w+.-]*:\/\/[^?#]*)[?#].*$/is, `$1?${HIDDEN}`);
}

/** What must be in no error. */
export function secretsOfHooks(value: unknown, field = ''): readonly string[] {
  if (typeof value === 'string') return SECRET_FIELD.test(field) && value !== '' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    secretsOfHooks(inner, Array.isArray(value) ? field : name),
  );
}
