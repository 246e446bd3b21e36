import type { Take } from '../http/take.ts';
import { spanned } from './spanned.ts';

/** A span for each event that is Stream's, as long as it takes to be stored; strangers make none. */
export function tracedTake(take: Take): Take {
  return (event, facts) => {
    const attributes = {
      'rawreel.app': event.apiKey,
      'rawreel.event.type': event.type,
      'rawreel.event.source': event.source.by,
      'rawreel.event.id': event.source.id,
      'rawreel.call': facts[0]?.callCid,
    };
    return spanned('rawreel.event', attributes, async (span) => {
      const outcome = await take(event, facts);
      span.setAttribute('rawreel.outcome', outcome ?? 'taken');
      return outcome;
    });
  };
}
