import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { createQueueClient, type QueueAddress } from './queue-client.ts';
import { type QueueOutcome, type TakeEvent, takeMessage } from './take-message.ts';

export interface QueueConsumerOptions extends QueueAddress {
  /** Whose events they are: a message does not say. */
  readonly apiKey: string;
  readonly take: TakeEvent;
  /** Whether an event could be stored now. */
  readonly ready: () => Promise<boolean>;
  readonly onOutcome: (outcome: QueueOutcome) => void;
  /** The queue cannot be received from, or a message not deleted. It is tried again. */
  readonly onError: (error: unknown) => void;
}

export interface QueueConsumer {
  start(): void;
  /** Resolves once what is in hand is stored and deleted; nothing more is received. */
  stop(): Promise<void>;
}

/** SQS's own bound. */
const BATCH = 10;
const WAIT_SECONDS = 20;
/** While a batch is in hand it is hidden for so long again three times as often: a process that dies hides it no longer than this. */
const HIDDEN_SECONDS = 30;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Receives from a queue by long polls, a batch at a time, and deletes what has been stored. What has no event in it is left for the
 * queue's dead letters; so is what could not be stored, which the queue brings again. Each receive counts there, so nothing is received
 * while nothing could be stored.
 */
export function createQueueConsumer(options: QueueConsumerOptions): QueueConsumer {
  const { url, apiKey, take, ready, onOutcome, onError } = options;
  const stopping = new AbortController();
  const client = createQueueClient(options);
  let failures = 0;
  /** While messages may be in hand. */
  let handling: PromiseWithResolvers<void> | undefined;
  const told = new ToldMessages();

  /** Until something could be stored, and later after each failure. */
  const mayReceive = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (failures > 0) await pause(failures, stopping.signal);
      if (await ready().catch(() => false)) break;
      failures += 1;
    }
    stopping.signal.throwIfAborted();
  };

  const takeOne = async (message: Message): Promise<boolean> => {
    const { Body: body = '', MessageId: messageId } = message;
    const outcome = await takeMessage({ body, messageId, apiKey }, take);
    const isTaken = outcome.code === 'taken' || outcome.code === 'repeated';
    if (isTaken || told.isNew(messageId, outcome.code)) onOutcome(outcome);
    if (outcome.code === 'not-stored') failures = Math.max(failures, 1);
    return isTaken;
  };

  const consumer = Consumer.create({
    queueUrl: url,
    sqs: client,
    batchSize: BATCH,
    waitTimeSeconds: WAIT_SECONDS,
    visibilityTimeout: HIDDEN_SECONDS,
    heartbeatInterval: HIDDEN_SECONDS / 3,
    suppressFifoWarning: true,
    preReceiveMessageCallback: mayReceive,
    async postReceiveMessageCallback() {
      handling = Promise.withResolvers();
      failures = 0;
    },
    async handleMessageBatch(messages) {
      const taken = await Promise.all(messages.map(takeOne));
      return messages.filter((_, index) => taken[index]);
    },
  });
  const handled = () => {
    handling?.resolve();
    handling = undefined;
  };
  consumer.on('response_processed', handled);
  consumer.on('empty', handled);
  consumer.on('error', (error, messages) => {
    if (stopping.signal.aborted && messages === undefined) return;
    if (messages === undefined) failures += 1;
    onError(error);
  });

  return {
    start: () => consumer.start(),
    async stop() {
      stopping.abort();
      // A poll that waits is broken off; a delete under way is not.
      consumer.stop({ abort: handling === undefined });
      await handling?.promise;
      client.destroy();
    },
  };
}

async function pause(failures: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** A message that cannot be taken comes again and again: it is told once. */
class ToldMessages {
  static readonly #MOST = 10_000;
  readonly #told = new Set<string>();

  isNew(messageId: string | undefined, code: string): boolean {
    const key = `${code} ${messageId}`;
    if (this.#told.has(key)) return false;
    if (this.#told.size >= ToldMessages.#MOST) this.#told.clear();
    this.#told.add(key);
    return true;
  }
}
