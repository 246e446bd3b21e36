import { Router } from 'express';
import { isRefusal } from '../receive/refusal.ts';
import { readClaim, type SecretsOf, verifyBody } from '../receive/webhook.ts';
import { type OnAnswer, receiving, refuseMethod, warnOnce } from './answers.ts';
import { WebhookError } from './errors.ts';
import { readBody } from './read-body.ts';
import { type Take, taken } from './take.ts';

export interface StreamWebhookOptions {
  /** The secret of each app whose events are taken, by API key; old and new while it is rotated. */
  readonly secrets: Readonly<Record<string, string | readonly string[]>>;
  readonly take: Take;
  /** Called with each answer. Default: a warning of node's for the first fault of each kind. */
  readonly onAnswer?: OnAnswer | undefined;
}

/**
 * Receives Stream's webhooks where it is mounted, in any Express app: `app.use('/webhooks/stream', createStreamWebhookRouter({ … }))`.
 * Mount it before `express.json()` and the like, since signatures are of the bytes.
 *
 * @throws {WebhookError} ERR_NO_APP, ERR_EMPTY_SECRET
 */
export function createStreamWebhookRouter(options: StreamWebhookOptions): Router {
  const { take, onAnswer = warnOnce() } = options;
  const secretsOf = secretsByKey(options.secrets);
  const receive = receiving(async (reception) => {
    const { request, held } = reception;
    const claim = readClaim(request.headers, secretsOf);
    if (isRefusal(claim)) return claim;
    const body = await readBody(request, held);
    if (body === undefined || isRefusal(body)) return body;
    const event = verifyBody(body, claim);
    if (isRefusal(event)) return event;
    return await taken(event, { by: 'webhook', id: event.webhookId }, reception, take);
  }, onAnswer);
  return Router().post('/', receive).all('/', refuseMethod);
}

/** A Map, because an API key may be called `constructor`. */
function secretsByKey(secrets: StreamWebhookOptions['secrets']): SecretsOf {
  const byKey = new Map(Object.entries(secrets).map(([key, given]) => [key, [given].flat()]));
  if (byKey.size === 0 || byKey.has('')) {
    throw new WebhookError(
      'ERR_NO_APP',
      'No app is configured to receive webhooks of',
      'Give the secret of at least one app by its API key: { secrets: { [STREAM_API_KEY]: STREAM_API_SECRET } }.',
    );
  }
  for (const [key, given] of byKey) {
    if (given.length > 0 && given.every((secret) => typeof secret === 'string' && secret !== '')) continue;
    throw new WebhookError(
      'ERR_EMPTY_SECRET',
      `The secret of the app with the key "${key}" is empty`,
      'Anybody could sign with it. Set STREAM_API_SECRET to the secret in Stream’s dashboard.',
    );
  }
  return (key) => byKey.get(key) ?? [];
}
