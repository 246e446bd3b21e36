import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/http/answers.ts';
import { createSnsRouter } from '../../src/http/sns-router.ts';
import { bytesOf, KEY, readyEvent } from '../builders/events.ts';
import { Store, serve } from '../builders/receiver.ts';
import {
  CERTIFICATE,
  CERTIFICATE_URL,
  certificateOf,
  confirmation,
  KEYS,
  notification,
  type SnsFields,
  signedBySns,
  TOPIC,
  YEAR_MS,
} from '../builders/sns.ts';

const MESSAGE = bytesOf(readyEvent()).toString();

/** What lies at Amazon, and what was asked for there. */
let pages: Record<string, string | Error>;
let fetched: string[];
beforeEach(() => {
  pages = { [CERTIFICATE_URL]: CERTIFICATE };
  fetched = [];
});

async function receiver() {
  const store = new Store();
  const answers: Answer[] = [];
  const app = express();
  const fetchText = async (url: string) => {
    fetched.push(url);
    const page = pages[url] ?? new Error('answered 404');
    if (page instanceof Error) throw page;
    return page;
  };
  const onAnswer = (answer: Answer) => answers.push(answer);
  app.use('/sns', createSnsRouter({ topics: { [TOPIC]: KEY }, take: store.take, fetchText, onAnswer }));
  const served = await serve(app);
  const post = async (message: unknown) => {
    const body = typeof message === 'string' ? message : JSON.stringify(message);
    const headers = { 'content-type': 'text/plain; charset=UTF-8' };
    const response = await fetch(`${served.url}/sns`, { method: 'POST', body, headers });
    const { code } = (await response.json()) as { code: string };
    return `${response.status} ${code}`;
  };
  return { ...served, store, answers, post };
}

describe('SNS over HTTP · messages', () => {
  test.each<[string, string, SnsFields]>([
    ['version 1, SHA-1', MESSAGE, { SignatureVersion: '1' }],
    ['version 2, SHA-256', MESSAGE, {}],
    ['with a subject', MESSAGE, { Subject: 'call.recording_ready' }],
    ['whose subject is null', MESSAGE, { Subject: null }],
    ['compressed', gzipSync(MESSAGE).toString('base64'), {}],
  ])('%s: taken with its facts, and the certificate is fetched once', async (_what, message, fields) => {
    await using sns = await receiver();
    const signed = signedBySns(notification(message, fields));
    expect(await sns.post(signed)).toBe('200 taken');
    expect(await sns.post(signed)).toBe('200 repeated');
    expect(sns.store.events).toMatchObject([
      {
        apiKey: KEY,
        source: { by: 'sns', id: signed['MessageId'] },
        body: readyEvent(),
      },
    ]);
    expect(sns.store.facts).toHaveLength(1);
    expect(fetched).toEqual([CERTIFICATE_URL]);
  });

  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = signedBySns(notification(MESSAGE));

  test.each<[string, string, unknown]>([
    [
      'changed afterwards',
      '401 bad-signature',
      { ...signed, Message: MESSAGE.replace('standup', 'another') },
    ],
    ['of another version afterwards', '401 bad-signature', { ...signed, SignatureVersion: '1' }],
    ['with a subject afterwards', '401 bad-signature', { ...signed, Subject: 'new' }],
    ['made a confirmation afterwards', '401 bad-signature', { ...signed, Type: 'SubscriptionConfirmation' }],
    ['signed by another', '401 bad-signature', signedBySns(notification(MESSAGE), other.privateKey)],
    ['without signature', '400 bad-envelope', notification(MESSAGE)],
    ['of a version that may come', '400 bad-envelope', { ...signed, SignatureVersion: '3' }],
    ['raw, as a topic can deliver', '400 bad-envelope', MESSAGE],
    ['null', '400 bad-envelope', 'null'],
    ['no JSON', '400 bad-envelope', 'hello'],
    ['without an event', '400 bad-message', signedBySns(notification('hello, topic'))],
  ])('%s: %s, and nothing is stored', async (_what, expected, message) => {
    await using sns = await receiver();
    expect(await sns.post(message)).toBe(expected);
    expect(sns.store.events).toEqual([]);
  });

  test('a topic that is not configured: refused, and nothing is fetched for it', async () => {
    await using sns = await receiver();
    const elsewhere = { TopicArn: 'arn:aws:sns:us-east-1:999999999999:other' };
    expect(await sns.post(signedBySns(notification(MESSAGE, elsewhere)))).toBe('401 unknown-topic');
    expect(await sns.post(signedBySns(confirmation(elsewhere)))).toBe('401 unknown-topic');
    expect(fetched).toEqual([]);
  });
});

describe('SNS over HTTP · certificates', () => {
  const NAME = '/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem';

  test.each([
    `http://sns.us-east-1.amazonaws.com${NAME}`,
    `https://sns.us-east-1.amazonaws.com.evil.example${NAME}`,
    `https://evil.example${NAME}`,
    `https://evil.example\\@sns.us-east-1.amazonaws.com${NAME}`,
    `https://sns.us-east-1.amazonaws.com\\@evil.example${NAME}`,
    `https://sns.us-east-1.amazonaws.com@evil.example${NAME}`,
    `https://user:word@sns.us-east-1.amazonaws.com${NAME}`,
    `https://sns.us-east-1.amazonaws.com:8443${NAME}`,
    `https://evil.sns.us-east-1.amazonaws.com${NAME}`,
    `https://sns.amazonaws.com${NAME}`,
    `https://sns-us-east-1.amazonaws.com${NAME}`,
    `https://s3.us-east-1.amazonaws.com${NAME}`,
    `https://sns.us-east-1.amazonaws.com/bucket${NAME}`,
    `https://sns.us-east-1.amazonaws.com${NAME}?Action=x`,
    `https://sns.us-east-1.amazonaws.com/?Action=x.pem`,
    `file://sns.us-east-1.amazonaws.com${NAME}`,
    'certificate.pem',
  ])('nothing is fetched from %s', async (url) => {
    await using sns = await receiver();
    pages[url] = CERTIFICATE;
    const message = signedBySns(notification(MESSAGE, { SigningCertURL: url }));
    expect(await sns.post(message)).toBe('401 bad-certificate');
    expect(fetched).toEqual([]);
  });

  test.each(['sns.cn-north-1.amazonaws.com.cn', 'sns.us-gov-west-1.amazonaws.com'])(
    '%s is Amazon’s',
    async (host) => {
      await using sns = await receiver();
      const url = `https://${host}${NAME}`;
      pages = { [url]: CERTIFICATE };
      expect(await sns.post(signedBySns(notification(MESSAGE, { SigningCertURL: url })))).toBe('200 taken');
    },
  );

  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();

  test.each<[string, string]>([
    ['no certificate', 'hello'],
    ['a key without a certificate', KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['one that has expired', certificateOf(KEYS, now - 2 * YEAR_MS, now - YEAR_MS)],
    ['one for later', certificateOf(KEYS, now + YEAR_MS, now + 2 * YEAR_MS)],
    [
      'one of another kind of key',
      certificateOf({ ...KEYS, publicKey: elliptic.publicKey }, now - YEAR_MS, now + YEAR_MS),
    ],
  ])('%s proves nothing: 503, and it is asked for again', async (_what, page) => {
    await using sns = await receiver();
    const message = signedBySns(notification(MESSAGE));
    pages[CERTIFICATE_URL] = page;
    expect(await sns.post(message)).toBe('503 certificate-unusable');
    pages[CERTIFICATE_URL] = CERTIFICATE;
    expect(await sns.post(message)).toBe('200 taken');
  });

  test('one that cannot be fetched is 503, so that SNS comes again', async () => {
    await using sns = await receiver();
    const message = signedBySns(notification(MESSAGE));
    const cause = new Error('answered 503');
    pages[CERTIFICATE_URL] = cause;
    expect(await sns.post(message)).toBe('503 certificate-unreachable');
    expect(sns.answers).toMatchObject([{ cause }]);
    pages[CERTIFICATE_URL] = CERTIFICATE;
    expect(await sns.post(message)).toBe('200 taken');
  });

  test('strangers get four fetched at a time, and what is under way is shared', async () => {
    const waiting = Promise.withResolvers<string>();
    const app = express();
    const store = new Store();
    const fourth = Promise.withResolvers<void>();
    const fetchText = (url: string) => {
      fetched.push(url);
      if (fetched.length === 4) fourth.resolve();
      return waiting.promise;
    };
    app.use(
      '/sns',
      createSnsRouter({ topics: { [TOPIC]: KEY }, take: store.take, fetchText, onAnswer: () => {} }),
    );
    await using served = await serve(app);
    const post = async (name: string) => {
      const url = `https://sns.us-east-1.amazonaws.com/SimpleNotificationService-${name}.pem`;
      const body = JSON.stringify(signedBySns(notification(MESSAGE, { SigningCertURL: url })));
      return (await fetch(`${served.url}/sns`, { method: 'POST', body })).status;
    };
    const four = ['a', 'b', 'c', 'd'].map(post);
    await fourth.promise;
    expect(await post('e')).toBe(503);
    const again = post('a');
    expect(await post('f')).toBe(503);
    waiting.resolve(CERTIFICATE);
    expect(await Promise.all([...four, again])).toEqual([200, 200, 200, 200, 200]);
    expect(fetched).toHaveLength(4);
  });
});

describe('SNS over HTTP · subscriptions', () => {
  test('of a configured topic: confirmed at Amazon’s address', async () => {
    await using sns = await receiver();
    const message = confirmation();
    pages[message['SubscribeURL'] ?? ''] = '<ConfirmSubscriptionResponse/>';
    expect(await sns.post(signedBySns(message))).toBe('200 confirmed');
    expect(fetched).toEqual([CERTIFICATE_URL, message['SubscribeURL']]);
    expect(sns.store.events).toEqual([]);
  });

  test('not confirmed: 503, so that SNS asks again', async () => {
    await using sns = await receiver();
    expect(await sns.post(signedBySns(confirmation()))).toBe('503 subscription-not-confirmed');
  });

  const topic = encodeURIComponent(TOPIC);

  test.each<[string, string | null]>([
    ['none', null],
    ['at another host', `https://evil.example/?Action=ConfirmSubscription&TopicArn=${topic}&Token=t`],
    ['inside the house', `http://169.254.169.254/?Action=ConfirmSubscription&TopicArn=${topic}&Token=t`],
    [
      'of another topic',
      'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=other&Token=t',
    ],
    ['that does something else', `https://sns.us-east-1.amazonaws.com/?Action=DeleteTopic&TopicArn=${topic}`],
  ])('an address %s is not visited, whoever signed it', async (_what, SubscribeURL) => {
    await using sns = await receiver();
    expect(await sns.post(signedBySns(confirmation({ SubscribeURL })))).toBe('400 bad-envelope');
    expect(fetched).toEqual([CERTIFICATE_URL]);
  });

  test('without a right signature nothing is visited', async () => {
    await using sns = await receiver();
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await sns.post(signedBySns(confirmation(), other.privateKey))).toBe('401 bad-signature');
    expect(fetched).toEqual([CERTIFICATE_URL]);
  });

  test('an end of a subscription is answered and told of, and not undone', async () => {
    await using sns = await receiver();
    const message = confirmation({ Type: 'UnsubscribeConfirmation' });
    expect(await sns.post(signedBySns(message))).toBe('200 unsubscribed');
    expect(sns.answers).toMatchObject([{ code: 'unsubscribed', message: `No more comes from ${TOPIC}` }]);
    expect(fetched).toEqual([CERTIFICATE_URL]);
  });

  test('a topic needs an app', () => {
    const make = () => createSnsRouter({ topics: { [TOPIC]: '' }, take: new Store().take });
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_TOPIC_WITHOUT_APP' }));
  });
});
