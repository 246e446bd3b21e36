export type { QueueAddress } from './queue-client.ts';
export { createQueueConsumer, type QueueConsumer, type QueueConsumerOptions } from './queue-consumer.ts';
export type { QueueOutcome, TakeEvent } from './take-message.ts';
