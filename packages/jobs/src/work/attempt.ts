import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/connect.ts';
import { isAnswer } from '../database/is-answer.ts';
import type { AttemptStage, Outputs } from '../ledger/fact.ts';
import type { RecordingWithHistory } from '../ledger/view.ts';
import type { Queue } from '../queue/queue.ts';
import type { Claim } from './claim.ts';
import { AttemptFailure, type RetryRules } from './failure-kinds.ts';
import { renewLease } from './lease.ts';
import { type Ending, noteStage, settle } from './settle.ts';

/** What a handler gets. */
export interface Job {
  readonly recordingId: string;
  /** From 1. Whatever an attempt leaves that the next one must not meet belongs under a name with it. */
  readonly attempt: number;
  /** As it was when it was claimed. */
  readonly recording: RecordingWithHistory;
  /** Aborted when the attempt is over for this worker: its lease is lost, or the worker stops. Its reason is an `AttemptOver`. */
  readonly signal: AbortSignal;
  /**
   * Says what the attempt is at now.
   *
   * @throws {AttemptOver} where it is not this worker's any more
   */
  stage(stage: AttemptStage): Promise<void>;
}

/**
 * Makes the outputs of one recording, stores them, and says where; or throws, an `AttemptFailure` where it knows what went wrong.
 * It can be called again for the same recording after any step of an earlier call.
 */
export type Handler = (job: Job) => Promise<Outputs>;

/** Why an attempt has to end: `lost` to another worker or cancelled, or this worker is `stopping`. */
export class AttemptOver extends Error {
  override readonly name = 'AttemptOver';
  readonly why: 'lost' | 'stopping';

  constructor(why: 'lost' | 'stopping') {
    super(
      why === 'lost'
        ? 'This worker’s lease on the recording has ended'
        : 'This worker stops, and hands the recording back',
    );
    this.why = why;
  }
}

export type AttemptResult =
  | Ending
  /** It ended when it was not this worker's any more; the database has nothing of it. */
  | { readonly outcome: 'refused' };

/** The database answered, and did not take what it was told: as often as this, and the attempt is left to end by its lease. */
const ANSWERED_ERRORS = 5;
/** Between two tries to reach the database. */
const RETRY_MS = 500;

/** One attempt from its claim to its ending, with the lease renewed as long as that takes. */
export class Attempt {
  readonly claim: Claim;
  readonly #db: Db;
  readonly #queue: Queue;
  readonly #rules: RetryRules;
  readonly #leaseMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #over = new AbortController();
  #renewedAt = performance.now();
  #isRenewing = false;
  #isAbandoned = false;

  constructor(options: {
    readonly claim: Claim;
    readonly db: Db;
    readonly queue: Queue;
    readonly rules: RetryRules;
    readonly leaseMs: number;
    readonly onError: (error: unknown) => void;
  }) {
    this.claim = options.claim;
    this.#db = options.db;
    this.#queue = options.queue;
    this.#rules = options.rules;
    this.#leaseMs = options.leaseMs;
    this.#onError = options.onError;
  }

  async run(handler: Handler): Promise<AttemptResult> {
    const renewal = setInterval(() => void this.#renew(), this.#leaseMs / 3);
    try {
      const ending = await this.#endingOf(handler);
      if (ending === undefined || this.#isAbandoned) return { outcome: 'refused' };
      return (await this.#settle(ending)) ? ending : { outcome: 'refused' };
    } finally {
      clearInterval(renewal);
    }
  }

  /** Tells the handler to end, so that the recording is handed back. */
  stop(): void {
    this.#over.abort(new AttemptOver('stopping'));
  }

  /** Hands the recording back under a handler that does not end. What it does from now on comes too late. */
  async handBack(): Promise<void> {
    this.#isAbandoned = true;
    await settle(this.#db, this.#queue, this.#rules, this.claim, { outcome: 'handed-back' });
  }

  async #endingOf(handler: Handler): Promise<Ending | undefined> {
    const { recordingId, attempt, recording } = this.claim;
    const { signal } = this.#over;
    const stage = async (name: AttemptStage): Promise<void> => {
      signal.throwIfAborted();
      const note = () => noteStage(this.#db, this.#queue, this.claim, name);
      if (await this.#answerTo(note, () => signal.aborted)) return;
      this.#lose();
      signal.throwIfAborted();
    };
    try {
      // Also of a handler that did not listen: whether it comes too late is for the database to say.
      return {
        outcome: 'stored',
        outputs: await handler({ recordingId, attempt, recording, signal, stage }),
      };
    } catch (error) {
      if (!signal.aborted) return failed(error);
      return signal.reason.why === 'stopping' ? { outcome: 'handed-back' } : undefined;
    }
  }

  async #renew(): Promise<void> {
    // Of a lease that was not renewed in its time, by a process that stood still or a database out of reach, somebody else may
    // have the next one already.
    if (performance.now() - this.#renewedAt > this.#leaseMs) this.#lose();
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    const sentAt = performance.now();
    try {
      if (await renewLease(this.#db, this.claim, this.#leaseMs)) this.#renewedAt = sentAt;
      else this.#lose();
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#isRenewing = false;
    }
  }

  #lose(): void {
    this.#over.abort(new AttemptOver('lost'));
  }

  #settle(ending: Ending): Promise<boolean> {
    const end = () => settle(this.#db, this.#queue, this.#rules, this.claim, ending);
    return this.#answerTo(end, () => this.#isAbandoned);
  }

  /** Asks until the database has answered: a run of hours is not lost because the database starts anew meanwhile. */
  async #answerTo(ask: () => Promise<boolean>, isOver: () => boolean): Promise<boolean> {
    let answered = 0;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        this.#onError(error);
        if (isAnswer(error) && ++answered === ANSWERED_ERRORS) return false;
      }
      await sleep(RETRY_MS);
      if (isOver()) return false;
    }
  }
}

function failed(error: unknown): Ending {
  const message = error instanceof Error ? error.message : String(error);
  return { outcome: 'failed', kind: error instanceof AttemptFailure ? error.kind : 'bug', message };
}
