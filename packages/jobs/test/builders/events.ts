import type { Fact, StoredEvent } from '../../src/index.ts';
import { API_KEY } from './facts.ts';

let count = 0;

/** An event of its own, unless told otherwise. */
export function event(more: Partial<StoredEvent> = {}): StoredEvent {
  const number = ++count;
  return {
    apiKey: API_KEY,
    identity: `identity-${number}`,
    type: 'call.recording_ready',
    receivedAtMs: 10_000,
    body: { number },
    source: { by: 'webhook', id: `webhook-${number}` },
    ...more,
  };
}

/** All orders of a few facts. */
export function ordersOf(facts: readonly Fact[]): Fact[][] {
  if (facts.length <= 1) return [[...facts]];
  return facts.flatMap((one, index) => ordersOf(facts.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}
