import type { Ledger } from '@rawreel/jobs';
import {
  type CallRef,
  formatCallRef,
  type RecordingControl,
  type SweptCall,
} from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import type { ReconcilerClock } from './clock.ts';
import { RENEW_WITHIN_MS, type TakenUp, takeUp } from './take-up.ts';
import type { OnWarning } from './warning.ts';

/** An app of Stream's, and how it is asked. */
export interface ReconciledApp {
  readonly apiKey: string;
  readonly control: RecordingControl;
}

/**
 * `active`: calls that are ongoing, or were made, changed or ended since; and those that the ledger waits for.
 * `all`: every call that was not ended before, since a call can be joined and left without counting as changed.
 */
export type Breadth = 'active' | 'all';

export interface LookOptions {
  readonly ledger: Ledger;
  readonly breadth: Breadth;
  /** Calls that were ended before are not asked. */
  readonly sinceMs: number;
  readonly clock: Pick<ReconcilerClock, 'now'>;
  readonly retentionMs: number;
  /** By `type:id`: asked in any case. */
  readonly again?: Iterable<string> | undefined;
  readonly signal: AbortSignal;
  readonly onWarning: OnWarning;
}

/** What came of one look at one app. */
export interface Look extends TakenUp {
  readonly breadth: Breadth;
  /** How many calls were asked for their recordings. */
  readonly calls: number;
  /** Of these, those that Stream named: with `active` only. */
  readonly named: ReadonlySet<string>;
  /** Calls whose recordings could not be listed, though they may have some. */
  readonly failed: readonly string[];
}

/** Called around each look, with what it is at. It does what it is given, and answers what that answers. */
export type WatchLook = (
  about: { readonly apiKey: string; readonly breadth: Breadth },
  look: () => Promise<Look>,
) => Promise<Look>;

/**
 * Asks Stream for the calls of an app and for the recordings of each, and adds to the ledger what it does not know.
 * What was found until something fails is kept.
 *
 * @throws {RecordingControlError} where the calls cannot be listed, or the recordings of too many, or the signal is aborted; and what
 * the ledger throws
 */
export async function look({ apiKey, control }: ReconciledApp, options: LookOptions): Promise<Look> {
  const { ledger, breadth, sinceMs, clock, retentionMs, again = [], signal, onWarning } = options;
  const begunMs = clock.now();
  const isActive = breadth === 'active';
  const urgent = isActive ? await urgentCalls(ledger, apiKey, begunMs) : new Set<string>();
  const named = new Set<string>();
  const failed: string[] = [];
  let calls = 0;
  let sum: TakenUp = { found: 0, renewed: 0, expired: 0 };

  const take = async (swept: SweptCall): Promise<void> => {
    calls += 1;
    const callCid = formatCallRef(swept.call);
    const listing = listingOf(swept);
    if (listing === undefined) {
      if (tellFailure(swept, apiKey, onWarning)) failed.push(callCid);
      if (failed.length >= MOST_FAILED && swept.state === 'failed') throw swept.error;
      return;
    }
    const isUrgent = urgent.has(callCid);
    // A look can take hours.
    const nowMs = clock.now();
    const took = await takeUp(listing, { apiKey, ledger, nowMs, retentionMs, isUrgent, onWarning });
    sum = {
      found: sum.found + took.found,
      renewed: sum.renewed + took.renewed,
      expired: sum.expired + took.expired,
    };
  };

  const common = { begunAnyTime: true, signal };
  for await (const swept of control.sweep({ ...common, since: new Date(sinceMs), onlyActive: isActive })) {
    if (isActive) named.add(formatCallRef(swept.call));
    await take(swept);
  }
  const more = new Set([...again, ...urgent]);
  if (isActive)
    for (const callCid of await awaitedCalls(ledger, apiKey, begunMs - retentionMs)) more.add(callCid);
  const unnamed = [...more].filter((callCid) => !named.has(callCid));
  if (unnamed.length > 0)
    for await (const swept of control.sweep({ ...common, calls: unnamed.map(callRefOf) })) await take(swept);
  return { breadth, calls, named, failed, ...sum };
}

/** @returns undefined where it is not known what there is. A call that was deleted has no recordings. */
function listingOf(swept: SweptCall) {
  const callCid = formatCallRef(swept.call);
  if (swept.state === 'listed') return { callCid, ...swept };
  return swept.error.code === 'ERR_NOT_FOUND' ? { callCid, recordings: [], unusable: [] } : undefined;
}

/** @returns whether it can be different the next time */
function tellFailure(swept: SweptCall, apiKey: string, onWarning: OnWarning): boolean {
  if (swept.state === 'listed') return false;
  const { call, error } = swept;
  const callCid = formatCallRef(call);
  const { message } = error;
  const isForGood = error.code === 'ERR_INVALID_NAME';
  if (isForGood)
    onWarning({
      code: 'unusable',
      apiKey,
      callCid,
      message: `${printable(callCid)} is left out: ${message}`,
    });
  else onWarning({ code: 'call-failed', apiKey, callCid, error, message });
  return !isForGood;
}

/** So many calls in one look are not to blame themselves: each of the others would wait just as long for the same failure. */
const MOST_FAILED = 20;

/** An id may have colons, a type has none. */
function callRefOf(callCid: string): CallRef {
  const colon = callCid.indexOf(':');
  return { type: callCid.slice(0, colon), id: callCid.slice(colon + 1) };
}

/** Of recordings that need a newer link, or are gone. More than these at a time are left to the next look. */
const MOST_URGENT = 1000;

async function urgentCalls(ledger: Ledger, apiKey: string, nowMs: number): Promise<Set<string>> {
  const urgent = await ledger.expiringBefore(nowMs + RENEW_WITHIN_MS, MOST_URGENT);
  return new Set(urgent.filter((each) => each.apiKey === apiKey).map(({ callCid }) => callCid));
}

const PAGE = 1000;

/** Of recordings whose beginning or end was told, and not that they are ready. */
async function awaitedCalls(ledger: Ledger, apiKey: string, sinceMs: number): Promise<Set<string>> {
  const calls = new Set<string>();
  let before: string | undefined;
  do {
    const states = ['recording', 'stopping', 'awaiting'] as const;
    const { recordings, next } = await ledger.list({ states, before, limit: PAGE });
    for (const recording of recordings)
      if (recording.apiKey === apiKey && recording.sinceMs >= sinceMs) calls.add(recording.callCid);
    before = next;
  } while (before !== undefined);
  return calls;
}
