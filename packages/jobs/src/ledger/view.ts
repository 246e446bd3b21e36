import type { Fact, Outputs } from './fact.ts';
import type { Failure, RecordingLink, RecordingState } from './recording-state.ts';

/** One recording in a list. Times are milliseconds since 1970. */
export interface RecordingSummary {
  readonly id: string;
  /** The app of Stream's that it belongs to. */
  readonly apiKey: string;
  readonly callCid: string;
  readonly egressId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly filename?: string | undefined;
  /** Egress and file were joined by time, since no event said that they belong together. */
  readonly isInferred: boolean;
  readonly state: RecordingState;
  readonly sinceMs: number;
  /** The latest; 0 before the first. */
  readonly attempt: number;
  readonly worker?: string | undefined;
  /** When it began and ended, as far as is known. */
  readonly beginsMs?: number | undefined;
  readonly endsMs?: number | undefined;
  readonly sizeBytes?: number | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly failure?: Failure | undefined;
  readonly retryAtMs?: number | undefined;
  readonly outputs?: Outputs | undefined;
}

/** A worker's hold on a recording; it ends at `untilMs` where it is not renewed. */
export interface Lease {
  readonly worker: string;
  readonly attempt: number;
  readonly untilMs: number;
}

/** A worker that had no room for a recording. */
export interface Hold {
  readonly worker: string;
  readonly why: string;
  readonly atMs: number;
}

/** One recording with all that is known of it. */
export interface RecordingWithHistory extends RecordingSummary {
  /** The newest. */
  readonly link?: RecordingLink | undefined;
  /** In the order in which they were heard of. */
  readonly facts: readonly Fact[];
  readonly lease?: Lease | undefined;
  readonly holds: readonly Hold[];
}

/** What is not done, in numbers. */
export interface Backlog {
  /** By state, ends and those that none is in apart; `oldestSinceMs` is since when the one that has been longest in the state is in it. */
  readonly open: ReadonlyMap<RecordingState, { readonly count: number; readonly oldestSinceMs: number }>;
  /** Of these, those whose link or file goes away before the time that was asked for. */
  readonly expiring: number;
  /** Queued, and some worker had no room for them. */
  readonly held: number;
  /** Attempts that run. */
  readonly leases: number;
  /** Workers that have one. */
  readonly workers: number;
}
