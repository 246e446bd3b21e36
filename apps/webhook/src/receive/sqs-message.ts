import { formatBytes } from '@rawreel/text';
import { type ReceivedEvent, readEvent } from './event.ts';
import { inflateOnce } from './inflate.ts';
import { MAX_JSON_BYTES } from './limits.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import { queuedEnvelope } from './sns-envelope.ts';

/**
 * The event in a message of an SQS queue. Its body has one of four shapes: JSON while compression is off, base64(gzip(JSON)) while
 * it is on, and either of them as the Message of an SNS envelope, where the queue subscribes to a topic. Stream signs none of
 * them: who may send is said by the queue's policy. Pure.
 *
 * @param apiKey the app that the queue was configured for: a message does not say
 */
export function receiveSqsMessage(message: {
  readonly body: string;
  readonly apiKey: string;
}): ReceivedEvent | Refusal {
  const { body, apiKey } = message;
  if (body.length > MAX_JSON_BYTES) {
    return refuse('body-too-large', `The message is larger than ${formatBytes(MAX_JSON_BYTES)}`);
  }
  const envelope = queuedEnvelope(body);
  if (envelope === undefined) return readMessage(body, apiKey);
  return envelope.Type === 'Notification'
    ? readMessage(envelope.Message, apiKey)
    : refuse('bad-envelope', `An SNS message of type ${envelope.Type} holds no event`);
}

/** The event in what Stream gave to SQS or SNS: JSON, or base64 of it, gzipped or not. */
export function readMessage(text: string, apiKey: string): ReceivedEvent | Refusal {
  const json = jsonBytes(text);
  return isRefusal(json) ? json : readEvent(json, { apiKey });
}

function jsonBytes(text: string): Uint8Array | Refusal {
  if (/^\s*\{/.test(text)) return Buffer.from(text);
  if (BASE64.test(text)) return inflateOnce(Buffer.from(text, 'base64'));
  return refuse('bad-message', 'The message is neither a JSON object nor base64 of one');
}

/** RFC 4648 §4. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}\s*$/;
