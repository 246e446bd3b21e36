import type { Fact, FactSource, StoredEvent, TakeOutcome } from '@rawreel/jobs';
import type { ReceivedEvent } from '../receive/event.ts';
import { factsOf } from '../receive/facts-of.ts';
import { refuse } from '../receive/refusal.ts';
import type { Answer, Reception } from './answers.ts';
import { ANSWER_WITHIN_MS } from './limits.ts';

/**
 * Stores an event and what follows from it, or hands it to a program. Stream is told that all is well once this has resolved, and
 * sends the event again where it throws or takes too long: so it may be called again with an event that it has taken.
 * `repeated` says that it was stored before.
 */
export type Take = (
  event: StoredEvent,
  facts: readonly Fact[],
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing has taken the event
) => Promise<TakeOutcome | void>;

/** Has the event taken; the answer says what came of it. */
export async function taken(
  event: ReceivedEvent,
  source: FactSource,
  { receivedAtMs, held }: Reception,
  take: Take,
): Promise<Answer> {
  const { apiKey, identity, type, body } = event;
  const stored: StoredEvent = { apiKey, identity, type, receivedAtMs, body, source };
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it took longer than ${ANSWER_WITHIN_MS / 1000} s`)),
    receivedAtMs + ANSWER_WITHIN_MS - Date.now(),
  );
  const taking = (async () => take(stored, factsOf(event, source, receivedAtMs)))();
  held.until(taking);
  try {
    const outcome = await Promise.race([taking, late.promise]);
    return { status: 200, code: outcome ?? 'taken', event };
  } catch (cause) {
    return { ...refuse('not-stored', 'The event could not be stored'), event, cause };
  } finally {
    clearTimeout(timer);
  }
}
