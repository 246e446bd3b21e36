import { END_STATES, type Fact, type FactOf, type Ledger, type RecordingSummary } from '@rawreel/jobs';
import type { ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import { readyFact } from './ready-fact.ts';
import type { OnWarning } from './warning.ts';

/** A link that ends sooner is replaced by a newer one, where the list has it. */
export const RENEW_WITHIN_MS = 60 * 60_000;

/** What Stream lists of one call. */
export interface Listing {
  readonly callCid: string;
  readonly recordings: readonly ListedRecording[];
  /** What is wrong with each entry that is left out. */
  readonly unusable: readonly string[];
}

export interface TakeUpOptions {
  readonly apiKey: string;
  readonly ledger: Ledger;
  readonly nowMs: number;
  readonly retentionMs: number;
  /** Whether a recording of this call may be gone. */
  readonly isUrgent: boolean;
  readonly onWarning: OnWarning;
}

export interface TakenUp {
  /** That nobody had told of. */
  readonly found: number;
  /** Known ones that got a newer link. */
  readonly renewed: number;
  readonly expired: number;
}

const NOTHING: TakenUp = { found: 0, renewed: 0, expired: 0 };

/**
 * Adds what is listed and not known yet. A link is another one each time it is listed, so what is known is left as it is: a fact of
 * each would be one more with every look.
 */
export async function takeUp(listing: Listing, options: TakeUpOptions): Promise<TakenUp> {
  const { callCid, recordings, unusable } = listing;
  const { apiKey, ledger, nowMs, retentionMs, isUrgent, onWarning } = options;
  const odd = (what: string) =>
    onWarning({
      code: 'unusable',
      apiKey,
      callCid,
      message: `An entry of Stream's list of recordings of ${printable(callCid)} is left out: ${what}`,
    });
  for (const what of unusable) odd(what);
  if (recordings.length === 0 && !isUrgent) return NOTHING;

  const known = await knownOf(ledger, apiKey, callCid);
  const listed = new Set<string>();
  const found: Fact[] = [];
  const renewed: Fact[] = [];
  let isWhole = unusable.length === 0;
  for (const recording of recordings) {
    const fact = readyFact(callCid, recording, options);
    if (typeof fact === 'string') {
      odd(fact);
      isWhole = false;
      continue;
    }
    const key = keyOf(fact);
    listed.add(key);
    const recorded = known.get(key);
    if (recorded === undefined) {
      if (fact.endMs >= nowMs - retentionMs) found.push(fact);
    } else if (needsLink(recorded, fact, nowMs)) renewed.push(fact);
  }
  // What is left out of a list may be what is looked for.
  const gone = isWhole
    ? [...known].filter(([key, recording]) => !listed.has(key) && isOver(recording, nowMs))
    : [];
  const expired = gone.map(([, recording]) => expiredFact(recording, nowMs));
  const facts = [...found, ...renewed, ...expired];
  if (facts.length > 0) await ledger.add(apiKey, facts);
  for (const [, recording] of gone) {
    const name = printable(`${recording.filename} of ${callCid}`);
    const message = `${name} has expired: its link no longer works, and Stream lists it no more`;
    onWarning({ code: 'expired', recording, message });
  }
  return { found: found.length, renewed: renewed.length, expired: expired.length };
}

const PAGE = 1000;

/** Recordings of a call whose files are known. */
async function knownOf(
  ledger: Ledger,
  apiKey: string,
  callCid: string,
): Promise<ReadonlyMap<string, RecordingSummary>> {
  const known = new Map<string, RecordingSummary>();
  let before: string | undefined;
  do {
    const { recordings, next } = await ledger.list({ callCid, before, limit: PAGE });
    // Two apps can have calls of one name.
    for (const recording of recordings.filter((each) => each.apiKey === apiKey))
      if (recording.filename !== undefined) known.set(keyOf(recording), recording);
    before = next;
  } while (before !== undefined);
  return known;
}

const keyOf = ({ sessionId, filename }: Pick<RecordingSummary, 'sessionId' | 'filename'>): string =>
  JSON.stringify([sessionId, filename]);

/** Whether what is known of a recording opens its file no longer, or soon will not, and what is listed does. */
function needsLink(known: RecordingSummary, fact: FactOf<'ready'>, nowMs: number): boolean {
  const { state, expiresAtMs: knownMs } = known;
  const listedMs = fact.expiresAtMs ?? Number.POSITIVE_INFINITY;
  if (state === 'expired') return listedMs > nowMs;
  return (
    !END_STATES.has(state) &&
    knownMs !== undefined &&
    knownMs <= nowMs + RENEW_WITHIN_MS &&
    listedMs > knownMs
  );
}

/** This machine's clock may be fast, and what is marked as expired is not tried any more. */
const SURE_AFTER_MS = 60 * 60_000;

/** Nobody works at it, and nothing that is known opens it. */
const isOver = ({ state, expiresAtMs }: RecordingSummary, nowMs: number): boolean =>
  state === 'queued' && expiresAtMs !== undefined && expiresAtMs <= nowMs - SURE_AFTER_MS;

function expiredFact({ callCid, sessionId, filename }: RecordingSummary, atMs: number): Fact {
  return { kind: 'expired', callCid, sessionId, filename, atMs, source: { by: 'reconciler' } };
}
