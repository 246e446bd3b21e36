import type { Fact, StoredEvent, TakeOutcome } from '@rawreel/jobs';
import { withSpan } from './with-span.ts';

/** A span for each event that is Stream's, as long as it takes to be stored; strangers make none. */
export function tracedTake<Outcome extends TakeOutcome>(
  take: (event: StoredEvent, facts: readonly Fact[]) => Promise<Outcome>,
): typeof take {
  return (event, facts) => {
    const attributes = {
      'rawreel.app': event.apiKey,
      'rawreel.event.type': event.type,
      'rawreel.event.source': event.source.by,
      'rawreel.event.id': event.source.id,
      'rawreel.call': facts[0]?.callCid,
    };
    return withSpan('rawreel.event', attributes, async (span) => {
      const outcome = await take(event, facts);
      span.setAttribute('rawreel.outcome', outcome);
      return outcome;
    });
  };
}
