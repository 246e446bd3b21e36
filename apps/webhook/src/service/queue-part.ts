import { tracedTake } from '../telemetry/traced-take.ts';
import { logAnswers } from './log-answers.ts';
import { messageOf } from './message-of.ts';
import type { Part, ServiceContext } from './part.ts';

/** The queues of SQS that events come by, beside those that come over HTTP. */
export async function queuePart({ jobs, config: { queues }, log, metrics }: ServiceContext): Promise<Part> {
  if (queues.length === 0) return { stop: async () => undefined };
  // AWS's SDK takes a while to load.
  const { createQueueConsumer } = await import('../queues/queue-consumer.ts');
  const { ledger, isReady } = jobs;
  const consumers = queues.map((queue) => {
    const name = queue.url.slice(queue.url.lastIndexOf('/') + 1);
    const tell = logAnswers(log, Date.now, ({ code }) => `left in the queue ${name} (${code})`);
    return createQueueConsumer({
      ...queue,
      take: tracedTake(ledger.take),
      ready: isReady,
      onOutcome(outcome) {
        const answer = 'status' in outcome ? outcome : { status: 200 as const, ...outcome };
        metrics.answered(answer);
        tell(answer);
      },
      onError: (error) =>
        log({ level: 'error', text: `queue ${name}: ${messageOf(error)}`, fields: { queue: queue.url } }),
    });
  });
  for (const consumer of consumers) consumer.start();
  for (const { url, apiKey } of queues)
    log({
      level: 'info',
      text: `receiving from the queue ${url} · app key ${apiKey}`,
      fields: { queue: url },
    });
  return {
    async stop(): Promise<void> {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
}
