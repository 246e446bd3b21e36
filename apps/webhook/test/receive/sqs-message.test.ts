import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/receive/refusal.ts';
import { receiveSqsMessage } from '../../src/receive/sqs-message.ts';
import { receiveWebhook } from '../../src/receive/webhook.ts';
import { bytesOf, headersOf, KEY, readyEvent, SECRET } from '../builders/events.ts';

const JSON_BYTES = bytesOf(readyEvent());
const PLAIN = JSON_BYTES.toString();
const COMPRESSED = gzipSync(JSON_BYTES).toString('base64');

const envelope = (Message: string, Type = 'Notification') =>
  JSON.stringify({ Type, MessageId: 'm1', TopicArn: 'arn:aws:sns:us-east-1:1:events', Message });

const outcome = (body: string) => {
  const result = receiveSqsMessage({ body, apiKey: KEY });
  return isRefusal(result) ? `${result.status} ${result.code}` : result.type;
};

describe('SQS · the shapes of a body', () => {
  test.each<[string, string]>([
    ['JSON', PLAIN],
    ['JSON with blanks before', `\n  ${PLAIN}`],
    ['base64 of gzip', COMPRESSED],
    ['base64 of gzip, with a line end', `${COMPRESSED}\n`],
    ['base64 of JSON', JSON_BYTES.toString('base64')],
    ['an envelope of SNS around JSON', envelope(PLAIN)],
    ['an envelope of SNS around base64 of gzip', envelope(COMPRESSED)],
  ])('%s is the event that a webhook brings', (_what, body) => {
    const received = receiveSqsMessage({ body, apiKey: KEY });
    const byHttp = receiveWebhook({
      body: JSON_BYTES,
      headers: headersOf(JSON_BYTES),
      secretsOf: () => [SECRET],
    });
    expect(received).toEqual({ ...byHttp, webhookId: undefined });
  });

  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64');

  test.each<[string, string, string]>([
    ['nothing', '', '400 bad-message'],
    ['words', 'hello, queue', '400 bad-message'],
    ['base64 that is cut short of its gzip', COMPRESSED.slice(0, 80), '400 bad-gzip'],
    ['base64 of gzip of gzip', gzipSync(gzipSync(JSON_BYTES)).toString('base64'), '400 gzip-in-gzip'],
    ['base64 of zeros that inflate', bomb, '413 json-too-large'],
    ['null', 'null', '400 not-json'],
    ['a list', '[]', '400 bad-message'],
    ['an object without type', '{}', '400 not-an-event'],
    ['an envelope within an envelope', envelope(envelope(PLAIN)), '400 not-an-event'],
    ['an envelope around words', envelope('hello, topic'), '400 bad-message'],
    ['what SNS says of a subscription', envelope(PLAIN, 'SubscriptionConfirmation'), '400 bad-envelope'],
    ['a huge body', ' '.repeat(5_000_000), '413 body-too-large'],
  ])('%s: refused', (_what, body, expected) => {
    expect(outcome(body)).toBe(expected);
  });
});
