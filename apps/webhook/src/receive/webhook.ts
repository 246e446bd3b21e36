import { printable } from '@rawreel/text';
import { type ReceivedEvent, readEvent } from './event.ts';
import { inflateOnce } from './inflate.ts';
import { MAX_ID_LENGTH } from './limits.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import { isSignature, isSignedBy } from './signature.ts';

/** As node has them: names in lower case. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The secrets that an app's events may be signed with: one, or old and new while it is rotated. None for a key that is not known. */
export type SecretsOf = (apiKey: string) => readonly string[];

/** What a request says of itself before its body is read. */
export interface WebhookClaim {
  readonly apiKey: string;
  readonly webhookId: string | undefined;
  readonly attempt: number;
  readonly signature: string;
  readonly secrets: readonly string[];
}

/**
 * A webhook request of Stream's becomes an event that is known to be Stream's, or the reason why not. Pure: bytes and headers in, value out.
 * `body` is the request's as it came, gzipped or not; the signature is of what it inflates to.
 *
 * https://getstream.io/video/docs/api/webhooks/overview/
 */
export function receiveWebhook(request: {
  readonly body: Uint8Array;
  readonly headers: WebhookHeaders;
  readonly secretsOf: SecretsOf;
}): ReceivedEvent | Refusal {
  const claim = readClaim(request.headers, request.secretsOf);
  return isRefusal(claim) ? claim : verifyBody(request.body, claim);
}

/** The first half of `receiveWebhook`: whether the body is worth reading. */
export function readClaim(headers: WebhookHeaders, secretsOf: SecretsOf): WebhookClaim | Refusal {
  const apiKey = single(headers['x-api-key']);
  if (!API_KEY.test(apiKey)) return refuse('no-key', 'X-API-KEY is missing, given twice or no API key');
  const signature = single(headers['x-signature']);
  if (!isSignature(signature)) {
    return refuse('no-signature', 'X-SIGNATURE is missing, given twice or not 64 lower-case hex digits');
  }
  // Anybody can sign with an empty secret, which is what an unset variable becomes.
  const secrets = secretsOf(apiKey).filter((secret) => secret !== '');
  if (secrets.length === 0) {
    return refuse('unknown-key', `No secret is configured for the app with the key ${apiKey}`);
  }
  const id = single(headers['x-webhook-id']);
  const attempt = single(headers['x-webhook-attempt']);
  return {
    apiKey,
    webhookId: id === '' || id.length > MAX_ID_LENGTH || printable(id) !== id ? undefined : id,
    attempt: /^[1-9]\d{0,5}$/.test(attempt) ? Number(attempt) : 1,
    signature,
    secrets,
  };
}

/** The second half of `receiveWebhook`. */
export function verifyBody(body: Uint8Array, claim: WebhookClaim): ReceivedEvent | Refusal {
  const json = inflateOnce(body);
  if (isRefusal(json)) return json;
  const { apiKey, webhookId, attempt, signature, secrets } = claim;
  return isSignedBy(secrets, json, signature)
    ? readEvent(json, { apiKey, webhookId, attempt })
    : refuse('bad-signature', `The body was not signed with a secret of the app with the key ${apiKey}`);
}

/** Stream's are twelve lower-case letters and digits. */
const API_KEY = /^[\w-]{1,64}$/;

/** A header that is given twice is none: node joins them by commas, and which was meant is not known. */
const single = (header: string | readonly string[] | undefined): string =>
  typeof header === 'string' ? header : (header?.length === 1 && header[0]) || '';
