import type { FailureKind } from '../work/failure-kinds.ts';
import { ATTEMPT_STAGES, type Fact, type FactOf, type Outputs } from './fact.ts';

/** Where a recording is on its way; the last five are ends. */
export const RECORDING_STATES = [
  'recording',
  'stopping',
  'awaiting',
  'queued',
  ...ATTEMPT_STAGES,
  'done',
  'failed',
  'expired',
  'ignored',
  'cancelled',
] as const;
export type RecordingState = (typeof RECORDING_STATES)[number];

/** States that nothing but a person, or Stream with a new link, leads out of. */
export const END_STATES: ReadonlySet<RecordingState> = new Set([
  'done',
  'failed',
  'expired',
  'ignored',
  'cancelled',
]);

/** States of an attempt that runs. */
export const RUNNING_STATES: ReadonlySet<RecordingState> = new Set(ATTEMPT_STAGES);

export interface RecordingLink {
  readonly url: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly sizeBytes?: number | undefined;
  readonly expiresAtMs?: number | undefined;
  /** When this link was heard of. */
  readonly atMs: number;
}

export interface Failure {
  readonly kind: FailureKind | 'recording';
  readonly message: string;
}

/** What follows from the facts of one recording. */
export interface DerivedRecording {
  readonly state: RecordingState;
  /** Time of the fact that made the state. */
  readonly sinceMs: number;
  /** The latest attempt; 0 before the first. */
  readonly attempt: number;
  /** The attempt that it was done by, or given up after. */
  readonly endedBy?: number | undefined;
  /** The latest of what people asked for; 0 for nothing. */
  readonly request: number;
  /** The newest. */
  readonly link?: RecordingLink | undefined;
  readonly worker?: string | undefined;
  /** Why it failed, or why the last attempt did. */
  readonly failure?: Failure | undefined;
  readonly retryAtMs?: number | undefined;
  readonly outputs?: Outputs | undefined;
  /** Failed attempts by kind, since the last retry that was asked for. */
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
}

interface Attempt {
  readonly number: number;
  began?: FactOf<'attempt-began'>;
  stage?: FactOf<'attempt-stage'>;
  ended?: FactOf<'attempt-ended'>;
  outputs?: FactOf<'outputs-stored'>;
}

/**
 * The state of a recording, made of the *set* of what is known about it: order and repetition of the facts change nothing, and one
 * that is missing can make the state an earlier one, never a later one. Attempts are ordered by number, requests by count; only
 * links and `expired` go by time.
 */
export function recordingState(facts: Iterable<Fact>): DerivedRecording {
  const known = sorted(facts);
  const request = lastOf(known.requests, (fact) => fact.request);
  const retriedAfter = Math.max(-1, ...known.retries.map((fact) => fact.afterAttempt));
  // What a person asked to be done again does not count any more.
  const counting = known.attempts.filter((attempt) => attempt.number > retriedAfter);
  const delivered = counting.findLast((attempt) => attempt.outputs !== undefined);
  const latest = counting.at(-1);
  const link = lastOf(known.links, (fact) => fact.atMs);
  const failures = failuresByKind(counting);
  const found = {
    attempt: known.attempts.at(-1)?.number ?? 0,
    request: request?.request ?? 0,
    link: link && linkOf(link),
    failures,
  };
  const at = (state: RecordingState, fact: Fact | undefined, more?: Partial<DerivedRecording>) => ({
    ...found,
    ...more,
    state,
    sinceMs: fact?.atMs ?? 0,
  });

  if (delivered?.outputs)
    return at('done', delivered.outputs, {
      outputs: outputsOf(delivered.outputs),
      endedBy: delivered.number,
    });
  if (request?.kind === 'cancelled') return at('cancelled', request);
  const { expired } = known;
  if (expired && !isLater(link, expired) && !known.retries.some((retry) => isLater(retry, expired)))
    return at('expired', expired, { failure: latest && failureOf(latest) });
  if (latest) return attemptState(latest, at);
  const retry = lastOf(known.retries, (fact) => fact.request);
  if (known.ignored && !retry) return at('ignored', known.ignored);
  const queuedBy = retry ?? known.links[0] ?? known.attempts.at(-1)?.ended;
  if (link || known.attempts.length > 0) return at('queued', queuedBy);
  if (known.recordingFailed)
    return at('failed', known.recordingFailed, {
      failure: { kind: 'recording', message: 'Stream says that the recording failed' },
    });
  if (known.stopped) return at('awaiting', known.stopped);
  if (known.stopRequested) return at('stopping', known.stopRequested);
  return at('recording', known.started ?? retry);
}

type At = (
  state: RecordingState,
  fact: Fact | undefined,
  more?: Partial<DerivedRecording>,
) => DerivedRecording;

function attemptState(attempt: Attempt, at: At): DerivedRecording {
  const { began, stage, ended } = attempt;
  if (ended === undefined)
    return at(stage?.stage ?? 'downloading', stage ?? began, { worker: began?.worker });
  switch (ended.outcome) {
    case 'given-up':
      return at('failed', ended, { failure: failureOf(attempt), endedBy: attempt.number });
    // Without its outputs a stored attempt is one whose last fact is still to come.
    case 'stored':
      return at('storing', stage ?? began ?? ended, { worker: began?.worker });
    case 'failed':
    case 'lost':
    case 'handed-back':
      return at('queued', ended, { failure: failureOf(attempt), retryAtMs: ended.retryAtMs });
    default:
      return ended.outcome satisfies never;
  }
}

/** The facts by what they say: of facts that say the same, the earliest, so that their order does not matter. */
function sorted(facts: Iterable<Fact>) {
  const attempts = new Map<number, Attempt>();
  const attemptOf = (number: number): Attempt => {
    const attempt = attempts.get(number) ?? { number };
    attempts.set(number, attempt);
    return attempt;
  };
  const links: FactOf<'ready'>[] = [];
  const retries: FactOf<'retry-requested'>[] = [];
  const cancels: FactOf<'cancelled'>[] = [];
  const seen: {
    started?: Fact;
    stopRequested?: Fact;
    stopped?: Fact;
    recordingFailed?: Fact;
    ignored?: Fact;
    expired?: Fact;
  } = {};
  for (const fact of [...facts].sort(byTimeThenText)) {
    switch (fact.kind) {
      case 'started':
        seen.started ??= fact;
        break;
      case 'stop-requested':
        seen.stopRequested ??= fact;
        break;
      case 'stopped':
        seen.stopped ??= fact;
        break;
      case 'recording-failed':
        seen.recordingFailed ??= fact;
        break;
      case 'ignored':
        seen.ignored ??= fact;
        break;
      case 'expired':
        seen.expired = fact;
        break;
      case 'ready':
        links.push(fact);
        break;
      case 'attempt-began':
        attemptOf(fact.attempt).began ??= fact;
        break;
      case 'attempt-stage': {
        const attempt = attemptOf(fact.attempt);
        if (!attempt.stage || stageOrder(fact) > stageOrder(attempt.stage)) attempt.stage = fact;
        break;
      }
      case 'attempt-ended':
        attemptOf(fact.attempt).ended ??= fact;
        break;
      case 'outputs-stored':
        attemptOf(fact.attempt).outputs ??= fact;
        break;
      case 'retry-requested':
        retries.push(fact);
        break;
      case 'cancelled':
        cancels.push(fact);
        break;
      default:
        fact satisfies never;
    }
  }
  return {
    ...seen,
    links,
    retries,
    requests: [...retries, ...cancels],
    attempts: [...attempts.values()].sort((one, other) => one.number - other.number),
  };
}

/** A total order on what facts say, so that a tie in time is none. */
function byTimeThenText(one: Fact, other: Fact): number {
  if (one.atMs !== other.atMs) return one.atMs - other.atMs;
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function lastOf<T>(items: readonly T[], order: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (last, item) => (last === undefined || order(item) >= order(last) ? item : last),
    undefined,
  );
}

const stageOrder = (fact: FactOf<'attempt-stage'>): number => ATTEMPT_STAGES.indexOf(fact.stage);

const isLater = (fact: Fact | undefined, than: Fact): boolean => fact !== undefined && fact.atMs > than.atMs;

function failuresByKind(attempts: readonly Attempt[]): Partial<Record<FailureKind, number>> {
  const counts: Partial<Record<FailureKind, number>> = {};
  for (const { ended } of attempts) {
    if (ended?.cause !== undefined) counts[ended.cause] = (counts[ended.cause] ?? 0) + 1;
  }
  return counts;
}

function failureOf({ ended }: Attempt): Failure | undefined {
  return ended?.cause && { kind: ended.cause, message: ended.message ?? '' };
}

function linkOf({ url, startMs, endMs, sizeBytes, expiresAtMs, atMs }: FactOf<'ready'>): RecordingLink {
  return { url, startMs, endMs, sizeBytes, expiresAtMs, atMs };
}

function outputsOf({ destination, files, bytes, manifest }: FactOf<'outputs-stored'>): Outputs {
  return { destination, files, bytes, manifest };
}
