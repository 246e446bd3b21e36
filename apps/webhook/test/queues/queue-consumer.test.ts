import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Fact, StoredEvent } from '@rawreel/jobs';
import { type SqsServer, startSqsServer } from '@rawreel/sqs-server';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { regionOf } from '../../src/queues/queue-client.ts';
import { createQueueConsumer, type QueueConsumerOptions } from '../../src/queues/queue-consumer.ts';
import { type QueueOutcome, takeMessage } from '../../src/queues/take-message.ts';
import { EGRESS_ID, KEY, lifeEvent, readyEvent } from '../builders/events.ts';

let server: SqsServer;
beforeAll(async () => {
  server = await startSqsServer();
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

interface Taken {
  readonly event: StoredEvent;
  readonly facts: readonly Fact[];
}

/** A consumer of the queue, and what it has done, to be waited for. */
function consume(url: string, options: Partial<QueueConsumerOptions> = {}) {
  const taken: Taken[] = [];
  const outcomes: QueueOutcome[] = [];
  const errors: unknown[] = [];
  const news = new EventTarget();
  const tell = () => news.dispatchEvent(new Event('news'));
  const consumer = createQueueConsumer({
    url,
    apiKey: KEY,
    region: server.region,
    ready: async () => true,
    async take(event, facts) {
      taken.push({ event, facts });
      return 'taken';
    },
    onOutcome(outcome) {
      outcomes.push(outcome);
      tell();
    },
    onError(error) {
      errors.push(error);
      tell();
    },
    ...options,
  });
  onTestFinished(() => consumer.stop());
  consumer.start();
  return {
    consumer,
    taken,
    outcomes,
    errors,
    async until(isSo: () => boolean) {
      while (!isSo()) await once(news, 'news');
    },
  };
}

test('the four shapes of a message are taken, and deleted once they are stored', async () => {
  const queue = await server.createQueue('shapes');
  const topic = await server.createTopic('shapes', queue);
  const packed = (event: unknown) => gzipSync(JSON.stringify(event)).toString('base64');
  await server.send(queue, JSON.stringify(lifeEvent('started')));
  await server.send(queue, packed(lifeEvent('stopped')));
  await server.publish(topic, JSON.stringify(readyEvent()));
  await server.publish(topic, packed(lifeEvent('failed')));
  const { consumer, taken, outcomes, until } = consume(queue);
  await until(() => outcomes.length === 4);
  await consumer.stop();
  const facts = taken.flatMap((each) => each.facts);
  expect(facts.map(({ kind }) => kind).toSorted()).toEqual([
    'ready',
    'recording-failed',
    'started',
    'stopped',
  ]);
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
  for (const fact of facts) expect(fact).toMatchObject({ egressId: EGRESS_ID, source: { by: 'sqs', id } });
  for (const { event } of taken) expect(event).toMatchObject({ apiKey: KEY, source: { by: 'sqs', id } });
  expect(await server.counts(queue)).toEqual({ waiting: 0, inHand: 0 });
});

test('what holds no event stays for the dead letters, is told once, and keeps nothing else back', async () => {
  const letters = await server.createQueue('bad-letters');
  const queue = await server.createQueue('bad', { deadLetters: { queueUrl: letters, afterReceives: 1 } });
  await server.send(queue, 'no event at all');
  await server.send(queue, JSON.stringify({ type: 'call.recording_ready', recording_type: 'raw' }));
  await server.send(queue, JSON.stringify(lifeEvent('started')));
  const { consumer, outcomes, until } = consume(queue);
  await until(() => outcomes.length === 3);
  await consumer.stop();
  expect(outcomes.map(({ code }) => code).toSorted()).toEqual(['bad-event', 'bad-message', 'taken']);
  expect(await server.counts(queue)).toEqual({ waiting: 0, inHand: 2 });
});

test('what could not be stored stays, and is not received again before something can be', async () => {
  const queue = await server.createQueue('faults');
  await server.send(queue, JSON.stringify(lifeEvent('started')));
  await server.send(queue, JSON.stringify(lifeEvent('stopped')));
  let isReady = true;
  const asked = new EventTarget();
  const { consumer, outcomes, until } = consume(queue, {
    async take({ type }) {
      if (type === 'call.recording_started') {
        isReady = false;
        throw new Error('the database is down');
      }
      return 'taken';
    },
    async ready() {
      if (!isReady) asked.dispatchEvent(new Event('asked'));
      return isReady;
    },
  });
  await until(() => outcomes.length === 2);
  await once(asked, 'asked');
  expect(outcomes.map(({ code }) => code).toSorted()).toEqual(['not-stored', 'taken']);
  expect(outcomes).toContainEqual(expect.objectContaining({ cause: new Error('the database is down') }));
  await server.send(queue, JSON.stringify(lifeEvent('failed')));
  await once(asked, 'asked');
  expect(await server.counts(queue)).toEqual({ waiting: 1, inHand: 1 });
  await consumer.stop();
});

test('a database that never answers lets the message go', async () => {
  const message = { body: JSON.stringify(lifeEvent('started')), messageId: 'm', apiKey: KEY };
  expect(await takeMessage(message, () => new Promise(() => {}), 5)).toMatchObject({
    code: 'not-stored',
    cause: new Error('it took longer than 0.005 s'),
  });
});

test('it stops at once while it waits; what is in hand is stored and deleted before', async () => {
  const queue = await server.createQueue('stop');
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { consumer } = consume(queue, {
    async take() {
      begin();
      await mayEnd;
      return 'taken';
    },
  });
  await server.send(queue, JSON.stringify(lifeEvent('started')));
  await begun;
  let isStopped = false;
  const stopped = consumer.stop().then(() => {
    isStopped = true;
  });
  expect(await server.counts(queue)).toEqual({ waiting: 0, inHand: 1 });
  expect(isStopped).toBe(false);
  end();
  await stopped;
  expect(await server.counts(queue)).toEqual({ waiting: 0, inHand: 0 });

  const waiting = consume(queue);
  await waiting.consumer.stop();
  expect([waiting.outcomes, waiting.errors]).toEqual([[], []]);
});

test('a queue that is not there, and a server that refuses, are told and asked again', async () => {
  const missing = consume(`${server.endpoint}/123456789012/nowhere`);
  await missing.until(() => missing.errors.length > 0);
  await missing.consumer.stop();
  expect(String(missing.errors[0])).toContain('does not exist');

  let requests = 0;
  const refusing = createServer((_, response) => {
    requests += 1;
    response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' }));
  });
  refusing.listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  onTestFinished(() => void refusing.close());
  const { port } = refusing.address() as AddressInfo;
  const refused = consume('https://sqs.eu-central-1.amazonaws.com/123456789012/events', {
    region: undefined,
    endpoint: `http://127.0.0.1:${port}`,
  });
  await refused.until(() => refused.errors.length > 0);
  await refused.consumer.stop();
  expect(String(refused.errors[0])).toContain('not allowed');
  expect(requests).toBe(1);
});

test.each([
  ['https://sqs.eu-central-1.amazonaws.com/1/q', 'eu-central-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/1/q', 'cn-north-1'],
  ['https://eu-west-1.queue.amazonaws.com/1/q', 'eu-west-1'],
  ['http://127.0.0.1:4566/1/q', undefined],
  ['https://sqs.eu-central-1.amazonaws.com.example/1/q', undefined],
])('region · %s is in %s', (url, region) => {
  expect(regionOf(url)).toBe(region);
});
