import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/connect.ts';
import type { RecordingWithHistory } from '../ledger/view.ts';
import type { Queue } from '../queue/queue.ts';
import { Attempt, type AttemptResult, type Handler } from './attempt.ts';
import { type Admission, type Claim, claimNext } from './claim.ts';
import type { RetryRules } from './failure-kinds.ts';
import { Wake } from './wake.ts';

/** What a worker tells of itself, for logs and metrics. */
export type WorkerEvent =
  | { readonly kind: 'claimed'; readonly recording: RecordingWithHistory; readonly attempt: number }
  | {
      readonly kind: 'ended';
      readonly recording: RecordingWithHistory;
      readonly attempt: number;
      readonly result: AttemptResult;
    }
  | { readonly kind: 'stopped' };

export interface WorkOptions {
  /** Of this worker, as people will read it. Two with one name are no danger. */
  readonly name: string;
  /** Recordings at a time. */
  readonly concurrency: number;
  /** Whether there is room for a recording now. Default: always. */
  readonly admit?: ((recording: RecordingWithHistory) => Admission | Promise<Admission>) | undefined;
  /** How often is looked for work while there is none. Default: 1 s. */
  readonly pollMs?: number | undefined;
  /** How long a recording that was not admitted is left to others. Default: 2 s. */
  readonly holdMs?: number | undefined;
  readonly tell?: ((event: WorkerEvent) => void) | undefined;
}

export interface StopOptions {
  /** How long attempts may go on to their own end. Default: 0. */
  readonly finishMs?: number | undefined;
  /** How long handlers have to end after that, once they are told to. Default: 5 s. */
  readonly handBackMs?: number | undefined;
}

export interface Worker {
  readonly name: string;
  /** Recordings that it has now. */
  readonly running: number;
  /**
   * Takes nothing more, lets attempts finish, tells those that have not to stop, and hands back what is left. Can be called again
   * with shorter times.
   */
  stop(options?: StopOptions): Promise<void>;
}

export interface WorkerHouse {
  readonly db: Db;
  readonly queue: Queue;
  readonly rules: RetryRules;
  readonly leaseMs: number;
  readonly onError: (error: unknown) => void;
}

/** So many recordings in a row that there is no room for, and it waits until something has changed. */
const HELD_IN_A_ROW = 20;
/** A call whose facts are just being written is free again in a few milliseconds. */
const BUSY_MS = 20;

/**
 * The workers' loop. It is `taking`: claims as many recordings as it has slots for, and looks for work now and then while there is
 * none. Told to stop it is `finishing`: claims nothing, and lets attempts end by themselves. Then it is `stopped`.
 */
export class WorkerLoop implements Worker {
  readonly name: string;
  readonly #house: WorkerHouse;
  readonly #handler: Handler;
  readonly #options: WorkOptions;
  readonly #wake = new Wake();
  readonly #running = new Map<Attempt, Promise<void>>();
  readonly #loop: Promise<void>;
  #mode: 'taking' | 'finishing' | 'stopped' = 'taking';

  constructor(house: WorkerHouse, handler: Handler, options: WorkOptions) {
    this.name = options.name;
    this.#house = house;
    this.#handler = handler;
    this.#options = options;
    this.#loop = this.#take();
  }

  get running(): number {
    return this.#running.size;
  }

  /** Looks for work at once. */
  wake(): void {
    this.#wake.wake();
  }

  async stop({ finishMs = 0, handBackMs = 5000 }: StopOptions = {}): Promise<void> {
    if (this.#mode === 'taking') this.#mode = 'finishing';
    this.wake();
    await this.#loop;
    await this.#ended(finishMs);
    for (const attempt of this.#running.keys()) attempt.stop();
    await this.#ended(handBackMs);
    await Promise.all([...this.#running.keys()].map((attempt) => this.#handBack(attempt)));
    if (this.#mode === 'stopped') return;
    this.#mode = 'stopped';
    this.#options.tell?.({ kind: 'stopped' });
  }

  async #take(): Promise<void> {
    const { pollMs = 1000, holdMs = 2000, admit = () => true, concurrency } = this.#options;
    const { db, queue, leaseMs, onError } = this.#house;
    const options = { worker: this.name, leaseMs, holdMs, admit };
    let held = 0;
    while (this.#mode === 'taking') {
      if (this.#running.size >= concurrency) {
        await this.#wake.wait(pollMs);
        continue;
      }
      try {
        const claimed = await claimNext(db, queue, options);
        if ('claim' in claimed) this.#start(claimed.claim);
        else if (claimed.none === 'busy') await this.#wake.wait(BUSY_MS);
        else if (claimed.none === 'empty') await this.#wake.wait(pollMs);
        held = 'none' in claimed && claimed.none === 'held' ? held + 1 : 0;
        if (held >= HELD_IN_A_ROW) await this.#wake.wait(pollMs);
      } catch (error) {
        onError(error);
        await this.#wake.wait(pollMs);
      }
    }
  }

  #start(claim: Claim): void {
    const { recording, attempt } = claim;
    this.#options.tell?.({ kind: 'claimed', recording, attempt });
    const running = new Attempt({ ...this.#house, claim });
    const ended = running
      .run(this.#handler)
      .then((result) => this.#options.tell?.({ kind: 'ended', recording, attempt, result }))
      .catch(this.#house.onError)
      .finally(() => {
        this.#running.delete(running);
        this.wake();
      });
    this.#running.set(running, ended);
  }

  /** Resolves when nothing runs any more, or after `ms`. */
  async #ended(ms: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      Promise.all(this.#running.values()),
      sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }

  async #handBack(attempt: Attempt): Promise<void> {
    try {
      await attempt.handBack();
    } catch (error) {
      // Then the lease ends by itself.
      this.#house.onError(error);
    }
  }
}
