import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SqsServer, startSqsServer } from '../src/server.ts';

let server: SqsServer;
beforeAll(async () => {
  server = await startSqsServer();
});
afterAll(() => server.stop());

test('what was received stays in hand until it is deleted, and goes to the dead letters after so many receives', async () => {
  const letters = await server.createQueue('letters');
  const queue = await server.createQueue('events', {
    deadLetters: { queueUrl: letters, afterReceives: 2 },
    visibilitySeconds: 0,
  });
  await server.send(queue, 'one');
  expect(await server.counts(queue)).toEqual({ waiting: 1, inHand: 0 });
  for (const count of ['1', '2'])
    expect(await server.receive(queue)).toMatchObject([
      { Body: 'one', Attributes: { ApproximateReceiveCount: count } },
    ]);
  expect(await server.receive(queue)).toEqual([]);
  expect(await server.receive(letters)).toMatchObject([{ Body: 'one' }]);
  expect(await server.counts(letters)).toEqual({ waiting: 0, inHand: 1 });
});

test('what is published to a topic lies in the queue in an envelope of SNS', async () => {
  const queue = await server.createQueue('of-topic');
  const topic = await server.createTopic('events', queue);
  await server.publish(topic, '{"type":"x"}');
  const [message] = await server.receive(queue);
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({
    Type: 'Notification',
    TopicArn: topic,
    Message: '{"type":"x"}',
  });
});
