import type { Fact, FactSource, StoredEvent, TakeOutcome } from '@rawreel/jobs';
import type { ReceivedEvent } from '../receive/event.ts';
import { factsOf } from '../receive/facts-of.ts';
import { isRefusal, type Refusal, refuse } from '../receive/refusal.ts';
import { receiveSqsMessage } from '../receive/sqs-message.ts';

/** Stores an event and what follows from it: durably, once it has resolved. */
export type TakeEvent = (event: StoredEvent, facts: readonly Fact[]) => Promise<TakeOutcome>;

/** What came of a message. Only what is taken or repeated is deleted from its queue. */
export type QueueOutcome =
  | { readonly code: TakeOutcome; readonly event: ReceivedEvent }
  | (Refusal & { readonly cause?: unknown });

export interface QueuedMessage {
  readonly body: string;
  /** SQS's, the same each time that it is received. */
  readonly messageId: string | undefined;
  readonly apiKey: string;
}

/** A database that does not answer may keep the message hidden for so long, and the service from stopping. */
const TAKE_WITHIN_MS = 20_000;

/**
 * Has the event in a message taken. Never throws: a message that fails leaves the others of its batch alone.
 *
 * @param withinMs how long that may take. Default: 20 s
 */
export async function takeMessage(
  { body, messageId, apiKey }: QueuedMessage,
  take: TakeEvent,
  withinMs = TAKE_WITHIN_MS,
): Promise<QueueOutcome> {
  const event = receiveSqsMessage({ body, apiKey });
  if (isRefusal(event)) return event;
  const { identity, type } = event;
  const receivedAtMs = Date.now();
  const source: FactSource = { by: 'sqs', id: messageId };
  const stored: StoredEvent = { apiKey, identity, type, receivedAtMs, body: event.body, source };
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it took longer than ${withinMs / 1000} s`)),
    withinMs,
  );
  try {
    const taking = (async () => take(stored, factsOf(event, source, receivedAtMs)))();
    return { code: await Promise.race([taking, late.promise]), event };
  } catch (cause) {
    return { ...refuse('not-stored', 'The event could not be stored'), cause };
  } finally {
    clearTimeout(timer);
  }
}
