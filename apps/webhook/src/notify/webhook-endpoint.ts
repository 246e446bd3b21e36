import { createHash } from 'node:crypto';
import { NOTIFICATION_KINDS, type Notification, type NotifyOptions } from '@rawreel/jobs';
import { EVENT_TYPES, type EventType } from './event-types.ts';
import { type MadeFiles, madeFiles } from './made-files.ts';
import { sendWebhook } from './send-webhook.ts';
import { webhookBody } from './webhook-body.ts';

export interface WebhookEndpointOptions {
  /** `https://`, or `http://` of this machine. It is sent to as it is: who configures it says where webhooks and links go. */
  readonly url: string;
  /** `whsec_…`: each signs, the one that holds first. */
  readonly secrets: readonly string[];
  /** Default: all. */
  readonly events?: readonly EventType[] | undefined;
  /** Default: of all apps. */
  readonly apiKeys?: readonly string[] | undefined;
  readonly userAgent: string;
  /** That the files of a recording could not be listed; it is told without them. */
  readonly onUnlisted: (notification: Notification, error: unknown) => void;
}

/** An address that is told what becomes of recordings, for `jobs.notify`. */
export function webhookEndpoint(
  options: WebhookEndpointOptions,
): Pick<NotifyOptions, 'name' | 'kinds' | 'apiKeys' | 'revision' | 'deliver'> {
  const { url, secrets, events, apiKeys } = options;
  return {
    name: endpointName(url),
    kinds: events && NOTIFICATION_KINDS.filter((kind) => events.includes(EVENT_TYPES[kind])),
    apiKeys,
    revision: digest(JSON.stringify([url, secrets, events, apiKeys])),
    async deliver(notification, signal) {
      const body = webhookBody(notification, await listed(notification, signal, options));
      return await sendWebhook(options, { id: notification.id, body }, signal);
    },
  };
}

/** A storage that hangs holds up no webhook: of the minute that there is, half is left to send it. */
const LIST_WITHIN_MS = 30_000;

async function listed(
  notification: Notification,
  signal: AbortSignal,
  { onUnlisted }: WebhookEndpointOptions,
): Promise<MadeFiles | undefined> {
  const { outputs } = notification.recording;
  if (outputs === undefined) return undefined;
  try {
    return await madeFiles(outputs, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIST_WITHIN_MS)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    onUnlisted(notification, error);
    return undefined;
  }
}

/** For people, logs and lists: an address can be a secret from its path on, so of that there is a digest. */
function endpointName(url: string): string {
  return `${new URL(url).host} (${digest(url).slice(0, 8)})`;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
