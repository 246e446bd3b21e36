import type { Fact, FactSource } from '@rawreel/jobs';
import { linkExpiry } from '@rawreel/text';
import type { ReceivedEvent } from './event.ts';

/**
 * What an event says of a raw recording, as facts for the ledger; none where it is about something else. `call.session_ended` and
 * `call.ended` give none either: they name a call, and which recording of it has stopped is not for a receiver to guess.
 *
 * @param receivedAtMs stands for `created_at` where the event has none
 */
export function factsOf(event: ReceivedEvent, source: FactSource, receivedAtMs: number): readonly Fact[] {
  if (event.recording === undefined) return [];
  const { createdMs = receivedAtMs, ...said } = event.recording;
  const common = { atMs: createdMs, source };
  if (said.kind !== 'ready') return [{ ...said, ...common }];
  return [{ ...said, expiresAtMs: linkExpiry(said.url)?.getTime(), ...common }];
}
