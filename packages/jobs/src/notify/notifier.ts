import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../database/connect.ts';
import type { Notification, NotificationKind } from '../ledger/notification.ts';
import { Wake } from '../work/wake.ts';
import type { StopOptions } from '../work/worker.ts';
import { clockOf, type NotifyClock } from './clock.ts';
import { type ClaimedDelivery, claimDelivery } from './queries/claim-delivery.ts';
import { registerEndpoint, touchEndpoint } from './queries/register-endpoint.ts';
import { noteDelivered, noteFailed, putBack } from './queries/settle-delivery.ts';

/** Thrown by `deliver`: the endpoint wants nothing more, ever. It is disabled at once. */
export class EndpointGone extends Error {
  override readonly name = 'EndpointGone';
}

/** What a notifier tells of a delivery, for logs and metrics. */
export type NotifyEvent = {
  readonly endpoint: string;
  readonly notification: Notification;
  /** From 1. */
  readonly attempt: number;
  /** One line. */
  readonly answer: string;
} & (
  | { readonly kind: 'delivered' }
  /** `againInMs`: until the next try; undefined: it was the last one. */
  | { readonly kind: 'failed'; readonly againInMs?: number | undefined }
  /** The endpoint, with this try. */
  | { readonly kind: 'disabled'; readonly why: string }
);

export interface NotifyOptions {
  /** Of the endpoint: processes of one database that have the same one share its deliveries. */
  readonly name: string;
  /**
   * Tells it, four at a time. It has a minute, then `signal` is aborted and the try has failed, as when it throws: then it is called again
   * later, with the same id, by `NOTIFY_SCHEDULE`. Text that it resolves with is kept as the answer.
   *
   * @throws {EndpointGone} where nothing more is wanted
   */
  readonly deliver: (notification: Notification, signal: AbortSignal) => Promise<unknown>;
  /** Default: all. */
  readonly kinds?: readonly NotificationKind[] | undefined;
  /** Of these apps. Default: all. */
  readonly apiKeys?: readonly string[] | undefined;
  /** Text that is another one where the configuration is: one that was disabled is enabled again by that. Default: none. */
  readonly revision?: string | undefined;
  readonly tell?: ((event: NotifyEvent) => void) | undefined;
  /** How often is looked for what to tell. Default: 1 s. */
  readonly pollMs?: number | undefined;
  /** Milliseconds since 1970, for tests. Default: the database's clock. */
  readonly now?: (() => number) | undefined;
}

export interface Notifier {
  /** Takes nothing more, lets deliveries end, and puts back those that do not. */
  stop(options?: StopOptions): Promise<void>;
}

/** Deliveries of one endpoint at a time, in one process. */
const AT_ONCE = 4;
const DELIVER_WITHIN_MS = 60_000;
/** With time to write down what came of it. */
const CLAIM_MS = DELIVER_WITHIN_MS + 30_000;
/** Between two tries to reach the database. */
const WRITE_AGAIN_MS = 500;
const TOUCH_MS = 3_600_000;
/** Of an answer. */
const LONGEST_ANSWER = 500;

/**
 * Delivers what one endpoint is to be told. It is `taking`: claims what is due, looks for it now and then, and keeps the endpoint known.
 * Told to stop it is `stopping`: claims nothing, and ends what it has. Endpoints have a loop each, so that one that hangs holds up no other.
 */
export class NotifierLoop implements Notifier {
  readonly #db: Db;
  readonly #clock: NotifyClock;
  readonly #options: NotifyOptions;
  readonly #onError: (error: unknown) => void;
  readonly #wake = new Wake();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #mode: 'taking' | 'stopping' = 'taking';

  static async start(
    db: Db,
    options: NotifyOptions,
    onError: (error: unknown) => void,
  ): Promise<NotifierLoop> {
    const { name, kinds, apiKeys, revision = '' } = options;
    await registerEndpoint(db, clockOf(options.now), { name, kinds, apiKeys, revision });
    return new NotifierLoop(db, options, onError);
  }

  private constructor(db: Db, options: NotifyOptions, onError: (error: unknown) => void) {
    this.#db = db;
    this.#clock = clockOf(options.now);
    this.#options = options;
    this.#onError = onError;
    this.#loop = this.#take();
  }

  async stop({ finishMs = 0, handBackMs = 5000 }: StopOptions = {}): Promise<void> {
    this.#mode = 'stopping';
    this.#wake.wake();
    await this.#loop;
    await this.#ended(finishMs);
    this.#stopping.abort(new Error('the process stops'));
    await this.#ended(handBackMs);
  }

  async #take(): Promise<void> {
    const { name, pollMs = 1000 } = this.#options;
    let touchedAt = performance.now();
    while (this.#mode === 'taking') {
      try {
        if (performance.now() - touchedAt > TOUCH_MS) {
          touchedAt = performance.now();
          await touchEndpoint(this.#db, this.#clock, name);
        }
        const claimed =
          this.#running.size < AT_ONCE
            ? await claimDelivery(this.#db, this.#clock, name, CLAIM_MS)
            : undefined;
        if (claimed) this.#start(claimed);
        else await this.#wake.wait(pollMs);
      } catch (error) {
        this.#onError(error);
        await this.#wake.wait(pollMs);
      }
    }
  }

  #start(claimed: ClaimedDelivery): void {
    const running = this.#deliver(claimed)
      // Then it is due again when its claim ends.
      .catch(this.#onError)
      .finally(() => {
        this.#running.delete(running);
        this.#wake.wake();
      });
    this.#running.add(running);
  }

  async #deliver(claimed: ClaimedDelivery): Promise<void> {
    const { notification, attempt, endpoint } = claimed;
    const tell = this.#options.tell ?? (() => undefined);
    const outcome = await this.#outcomeOf(notification);
    const { answer } = outcome;
    const about = { endpoint, notification, attempt, answer };
    switch (outcome.is) {
      case 'delivered':
        await this.#write(() => noteDelivered(this.#db, this.#clock, claimed, answer));
        tell({ kind: 'delivered', ...about });
        return;
      case 'stopped':
        await putBack(this.#db, this.#clock, claimed);
        return;
      case 'failed':
      case 'gone': {
        const failure = { answer, isGone: outcome.is === 'gone' };
        const failed = await this.#write(() => noteFailed(this.#db, this.#clock, claimed, failure));
        const { againInMs, disabledWhy } = failed;
        if (disabledWhy === undefined) tell({ kind: 'failed', ...about, againInMs });
        else tell({ kind: 'disabled', ...about, why: disabledWhy });
        return;
      }
      default:
        outcome.is satisfies never;
    }
  }

  /** Ends with the time that there is, also where `deliver` does not listen to its signal. */
  async #outcomeOf(
    notification: Notification,
  ): Promise<{ readonly is: 'delivered' | 'failed' | 'gone' | 'stopped'; readonly answer: string }> {
    const over = new AbortController();
    const end = Promise.withResolvers<never>();
    const endWith = (reason: unknown): void => {
      over.abort(reason);
      end.reject(reason);
    };
    const late = new Error(`it took longer than ${DELIVER_WITHIN_MS / 1000} s`);
    const timer = setTimeout(() => endWith(late), DELIVER_WITHIN_MS);
    const stopping = this.#stopping.signal;
    const stop = (): void => endWith(stopping.reason);
    stopping.addEventListener('abort', stop);
    try {
      const answer = await Promise.race([this.#options.deliver(notification, over.signal), end.promise]);
      return { is: 'delivered', answer: shortened(answer) };
    } catch (error) {
      const answer = shortened(error instanceof Error ? error.message : String(error));
      if (stopping.aborted) return { is: 'stopped', answer };
      return { is: error instanceof EndpointGone ? 'gone' : 'failed', answer };
    } finally {
      clearTimeout(timer);
      stopping.removeEventListener('abort', stop);
    }
  }

  /** Tries until the database has answered, or the claim is over: what was told is not told again because the database starts anew. */
  async #write<T>(write: () => Promise<T>): Promise<T> {
    const begunAt = performance.now();
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (performance.now() - begunAt > CLAIM_MS - DELIVER_WITHIN_MS || this.#stopping.signal.aborted)
          throw error;
        this.#onError(error);
      }
      await sleep(WRITE_AGAIN_MS);
    }
  }

  async #ended(ms: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      Promise.all(this.#running),
      sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }
}

const shortened = (answer: unknown): string =>
  typeof answer === 'string' ? answer.slice(0, LONGEST_ANSWER) : '';
