import { Router } from 'express';
import { isRefusal, type Refusal, refuse } from '../receive/refusal.ts';
import type { SnsEnvelope } from '../receive/sns-envelope.ts';
import { certificateUrl, confirmationUrl, readSnsMessage, verifySnsMessage } from '../receive/sns-message.ts';
import { readMessage } from '../receive/sqs-message.ts';
import { type Answer, type OnAnswer, type Reception, receiving, refuseMethod, warnOnce } from './answers.ts';
import { Certificates, type FetchText } from './certificates.ts';
import { WebhookError } from './errors.ts';
import { fetchText as fetchFromAmazon } from './fetch-text.ts';
import { readBody } from './read-body.ts';
import { type Take, taken } from './take.ts';

export interface SnsOptions {
  /** The topics whose messages are taken, by ARN, each with the API key of the app whose events come by it. */
  readonly topics: Readonly<Record<string, string>>;
  readonly take: Take;
  readonly onAnswer?: OnAnswer | undefined;
  /** Fetches certificates and confirms subscriptions, at addresses of Amazon's only. Default: over HTTPS. */
  readonly fetchText?: FetchText | undefined;
}

/**
 * Receives what Stream publishes to SNS topics, from subscriptions over HTTP or HTTPS, where it is mounted:
 * `app.use('/webhooks/sns', createSnsRouter({ … }))`. Confirms the subscriptions of the topics that it was given.
 *
 * @throws {WebhookError} ERR_TOPIC_WITHOUT_APP
 */
export function createSnsRouter(options: SnsOptions): Router {
  const { take, onAnswer = warnOnce(), fetchText = fetchFromAmazon } = options;
  const topics = keysByTopic(options.topics);
  const certificates = new Certificates(fetchText);
  const receive = receiving(async (reception) => {
    const body = await readBody(reception.request, reception.held);
    if (body === undefined || isRefusal(body)) return body;
    const envelope = readSnsMessage(body);
    if (isRefusal(envelope)) return envelope;
    const apiKey = topics.get(envelope.TopicArn);
    if (apiKey === undefined) return refuse('unknown-topic', 'The topic of the message is not configured');
    const refusal = await verify(envelope, certificates);
    if (refusal !== undefined) return refusal;
    switch (envelope.Type) {
      case 'Notification':
        return await takeMessage(envelope, apiKey, reception, take);
      case 'SubscriptionConfirmation':
        return await confirm(envelope, fetchText);
      case 'UnsubscribeConfirmation':
        return { status: 200, code: 'unsubscribed', message: `No more comes from ${envelope.TopicArn}` };
    }
  }, onAnswer);
  return Router().post('/', receive).all('/', refuseMethod);
}

async function verify(envelope: SnsEnvelope, certificates: Certificates): Promise<Refusal | undefined> {
  const url = certificateUrl(envelope);
  if (typeof url !== 'string') return url;
  const pem = await certificates.get(url);
  if (typeof pem !== 'string') return pem;
  const refusal = verifySnsMessage(envelope, pem, Date.now());
  if (refusal === undefined) certificates.keep(url, pem);
  return refusal;
}

async function takeMessage(
  envelope: SnsEnvelope,
  apiKey: string,
  reception: Reception,
  take: Take,
): Promise<Answer> {
  const event = readMessage(envelope.Message, apiKey);
  return isRefusal(event)
    ? event
    : await taken(event, { by: 'sns', id: envelope.MessageId }, reception, take);
}

async function confirm(envelope: SnsEnvelope, fetchText: FetchText): Promise<Answer> {
  const url = confirmationUrl(envelope);
  if (typeof url !== 'string') return url;
  try {
    await fetchText(url);
    return { status: 200, code: 'confirmed', message: `Subscribed to ${envelope.TopicArn}` };
  } catch (cause) {
    return { ...refuse('subscription-not-confirmed', 'The subscription could not be confirmed'), cause };
  }
}

function keysByTopic(topics: SnsOptions['topics']): ReadonlyMap<string, string> {
  for (const [topic, apiKey] of Object.entries(topics)) {
    if (apiKey !== '') continue;
    throw new WebhookError(
      'ERR_TOPIC_WITHOUT_APP',
      `No app is given for the topic ${topic}`,
      'Give the API key of the app whose events come by it.',
    );
  }
  return new Map(Object.entries(topics));
}
