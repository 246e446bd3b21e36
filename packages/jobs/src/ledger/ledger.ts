import type { Fact, FactSource } from './fact.ts';
import type { RecordingState } from './recording-state.ts';
import type { Backlog, RecordingSummary, RecordingWithHistory } from './view.ts';

/** An event as it was received and verified. */
export interface StoredEvent {
  readonly apiKey: string;
  /** What makes the event this one and no other, however it came: unique for each app. */
  readonly identity: string;
  readonly type: string;
  readonly receivedAtMs: number;
  /** As it was sent; anything that is JSON. */
  readonly body: unknown;
  readonly source: FactSource;
}

export interface ListFilter {
  /** Default: all. */
  readonly states?: readonly RecordingState[] | undefined;
  readonly callCid?: string | undefined;
  /** Heard of at this time or later. */
  readonly sinceMs?: number | undefined;
  /** The `next` of the page before. */
  readonly before?: string | undefined;
  /** 1 to 1000. */
  readonly limit: number;
}

/** `repeated`: the event was there already. */
export type TakeOutcome = 'taken' | 'repeated';

/**
 * What is known of every recording. Facts are added and never changed; states follow from them.
 *
 * Every method throws what the database throws when it cannot be reached; then nothing has been taken.
 */
export interface Ledger {
  /**
   * Takes an event, what it says, and the job where it makes a recording ready: all of it durably, or nothing. An event that is
   * there already, by its webhook id or by its identity, changes nothing.
   */
  take(event: StoredEvent, facts: readonly Fact[]): Promise<TakeOutcome>;
  /** Facts from elsewhere: what the reconciler found. */
  add(apiKey: string, facts: readonly Fact[]): Promise<void>;
  recording(id: string): Promise<RecordingWithHistory | undefined>;
  /** Newest first. */
  list(filter: ListFilter): Promise<{ recordings: readonly RecordingSummary[]; next?: string | undefined }>;
  counts(): Promise<ReadonlyMap<RecordingState, number>>;
  /** What is not done, and what of it is gone before `expiringBeforeMs`. It does not count what is done, as `counts` does. */
  backlog(expiringBeforeMs: number): Promise<Backlog>;
  /** Not done, and gone before `ms`; the most urgent first. */
  expiringBefore(ms: number, limit: number): Promise<readonly RecordingSummary[]>;
  /** Notifies of recordings that are soon gone, as `expiringBefore` found them: of each once for the time at which it is. */
  warnExpiring(recordings: readonly RecordingSummary[]): Promise<void>;
  /**
   * Has a recording that came to an end processed (again).
   *
   * @throws {JobsError} `ERR_NO_RECORDING`, or `ERR_WRONG_STATE` where it is under way, or there is nothing to process
   */
  retry(id: string, by: FactSource): Promise<void>;
  /**
   * Stops what is done of a recording, or keeps it from being begun. A worker that has it is told when it renews its lease.
   *
   * @throws {JobsError} `ERR_NO_RECORDING`, or `ERR_WRONG_STATE` where it has come to an end
   */
  cancel(id: string, by: FactSource): Promise<void>;
  /** Up to when an app was looked at, by the kind of look that `name` says; undefined: never. */
  cursor(apiKey: string, name: string): Promise<number | undefined>;
  /** Forward only: a time before the one that is kept changes nothing. */
  moveCursor(apiKey: string, name: string, ms: number): Promise<void>;
}
