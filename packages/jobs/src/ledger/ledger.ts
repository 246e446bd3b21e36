import type { Db } from '../database/connect.ts';
import { JobsError } from '../errors.ts';
import type { Queue } from '../queue/queue.ts';
import type { Fact, FactBody, FactSource } from './fact.ts';
import { backlog } from './queries/backlog.ts';
import { countStates } from './queries/count-states.ts';
import { expiringBefore } from './queries/expiring.ts';
import { findRecording } from './queries/find-recording.ts';
import { listRecordings } from './queries/list-recordings.ts';
import { lockRecording } from './queries/lock-recording.ts';
import { moveCursor } from './queries/move-cursor.ts';
import { notifyExpiring } from './queries/notify-expiring.ts';
import { readCursor } from './queries/read-cursor.ts';
import { record, recordOf } from './record.ts';
import { type DerivedRecording, END_STATES, type RecordingState } from './recording-state.ts';
import { TakeTogether } from './take-together.ts';
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

export function createLedger(db: Db, queue: Queue): Ledger {
  const together = new TakeTogether(db, queue);
  const request = (
    id: string,
    by: FactSource,
    bodyFor: (derived: DerivedRecording) => FactBody,
  ): Promise<void> =>
    db.transaction().execute(async (trx) => {
      const row = await lockRecording(trx, id);
      if (!row.derived) throw new JobsError('ERR_WRONG_STATE', `Nothing is known of recording ${id} yet`);
      const body = bodyFor(row.derived);
      await recordOf(trx, queue, row, by, Date.now(), [body]);
    });

  return {
    take: together.take,
    add: (apiKey, facts) => db.transaction().execute((trx) => record(trx, queue, apiKey, facts)),
    recording: (id) => findRecording(db, id),
    list: (filter) => listRecordings(db, filter),
    counts: () => countStates(db),
    backlog: (expiringBeforeMs) => backlog(db, expiringBeforeMs),
    expiringBefore: (ms, limit) => expiringBefore(db, ms, limit),
    warnExpiring: (recordings) => notifyExpiring(db, recordings),
    retry: (id, by) =>
      request(id, by, (derived) => {
        if (!END_STATES.has(derived.state))
          throw wrongState(id, derived.state, 'It can be retried when it has come to an end.');
        if (!derived.link) throw wrongState(id, derived.state, 'There is no file to process.');
        return { kind: 'retry-requested', request: derived.request + 1, afterAttempt: derived.attempt };
      }),
    cancel: (id, by) =>
      request(id, by, (derived) => {
        if (END_STATES.has(derived.state)) throw wrongState(id, derived.state, 'It has come to an end.');
        return { kind: 'cancelled', request: derived.request + 1 };
      }),
    cursor: (apiKey, name) => readCursor(db, apiKey, name),
    moveCursor: (apiKey, name, ms) => moveCursor(db, apiKey, name, ms),
  };
}

function wrongState(id: string, state: RecordingState, hint: string): JobsError {
  return new JobsError('ERR_WRONG_STATE', `Recording ${id} is ${state}`, { hint });
}
