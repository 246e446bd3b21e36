import type { FailureKind } from '../work/failure-kinds.ts';

/** Where a fact was learned; `id` is a webhook's, an SQS message's, a worker's name, a person's. */
export interface FactSource {
  readonly by: 'webhook' | 'sqs' | 'sns' | 'reconciler' | 'api' | 'worker' | 'person';
  readonly id?: string | undefined;
}

/**
 * What one recording is called: an egress id in the events that tell of its beginning and end; session and file name in Stream's
 * list; all of it in the event that says that it is ready. One of the two is needed.
 */
export interface RecordingNames {
  readonly callCid: string;
  readonly egressId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly filename?: string | undefined;
}

/** What an attempt is at, in order. */
export const ATTEMPT_STAGES = ['downloading', 'processing', 'storing'] as const;
export type AttemptStage = (typeof ATTEMPT_STAGES)[number];

/** `failed` is tried again, `given-up` is not; `handed-back` by a worker that stops, `lost` by one that was not heard of. */
export type AttemptOutcome = 'stored' | 'failed' | 'given-up' | 'handed-back' | 'lost';

/** Where the outputs of a recording are. */
export interface Outputs {
  readonly destination: string;
  readonly files: number;
  readonly bytes: number;
  /** Address of the manifest, the last file that was stored. */
  readonly manifest: string;
}

/** Times are milliseconds since 1970. */
export type FactBody =
  | { readonly kind: 'started' | 'stop-requested' | 'stopped' | 'recording-failed' }
  | {
      readonly kind: 'ready';
      readonly url: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly sizeBytes?: number | undefined;
      /** When the link or the file behind it goes away, where that is known. */
      readonly expiresAtMs?: number | undefined;
    }
  | { readonly kind: 'ignored'; readonly why: string }
  /** Gone before it was processed. A newer `ready`, or a person's retry, makes it void. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'attempt-began'; readonly attempt: number; readonly worker: string }
  | { readonly kind: 'attempt-stage'; readonly attempt: number; readonly stage: AttemptStage }
  | {
      readonly kind: 'attempt-ended';
      readonly attempt: number;
      readonly outcome: AttemptOutcome;
      readonly cause?: FailureKind | undefined;
      readonly message?: string | undefined;
      /** When the next attempt may begin, with `failed` and `lost`. */
      readonly retryAtMs?: number | undefined;
    }
  | ({ readonly kind: 'outputs-stored'; readonly attempt: number } & Outputs)
  /** `request` counts what people asked of this recording, from 1: the last one holds, whatever the clocks say. */
  | { readonly kind: 'retry-requested'; readonly request: number; readonly afterAttempt: number }
  | { readonly kind: 'cancelled'; readonly request: number };

/** Something that happened to a recording, when, and who said so. */
export type Fact = RecordingNames & { readonly atMs: number; readonly source: FactSource } & FactBody;

export type FactOf<Kind extends Fact['kind']> = Fact & { readonly kind: Kind };

/**
 * Two facts with one identity are one fact, whoever tells it and how often. Time and source are no part of it, but for `expired`,
 * which can come true twice.
 */
export function factIdentity(fact: Fact): string {
  return JSON.stringify([fact.kind, ...nameOf(fact), ...distinction(fact)]);
}

function nameOf({ callCid, egressId, sessionId, filename }: RecordingNames): readonly string[] {
  return filename === undefined
    ? [callCid, 'egress', egressId ?? '']
    : [callCid, 'file', sessionId ?? '', filename];
}

function distinction(fact: Fact): readonly (string | number)[] {
  switch (fact.kind) {
    case 'started':
    case 'stop-requested':
    case 'stopped':
    case 'recording-failed':
    case 'ignored':
      return [];
    case 'ready':
      return [fact.url];
    case 'expired':
      return [fact.atMs];
    case 'attempt-stage':
      return [fact.attempt, fact.stage];
    case 'attempt-began':
    case 'attempt-ended':
    case 'outputs-stored':
      return [fact.attempt];
    case 'retry-requested':
    case 'cancelled':
      return [fact.request];
    default:
      return fact satisfies never;
  }
}
