import type { Clock } from './clock.ts';
import { RecordingControlError } from './errors.ts';
import type { Obstacle } from './failure-rows.ts';
import { aborted, isOfWrongTime, isSdkError, type Judgement, judge } from './failures.ts';
import { RateGate, type RateLimit } from './rate-gate.ts';
import type { ServerTokens } from './server-token.ts';

/** How long a request is repeated before it counts as failed. */
export interface RetryBudget {
  /** Of one request; those that a rate limit refused do not count. */
  readonly attempts: number;
  /** From the first failure to the beginning of the last attempt. One window of Stream's limits is a minute. */
  readonly withinMs: number;
}

export const PATIENT: RetryBudget = { attempts: 5, withinMs: 75_000 };

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Over how long those that wait for the same window spread out. */
const SPREAD_MS = 250;

interface Request<T> {
  /** What shares a rate limit. */
  readonly endpoint: string;
  /** A sentence's beginning: `default:standup cannot be recorded`. */
  readonly action: string;
  readonly send: () => Promise<T>;
  readonly signal: AbortSignal | undefined;
  /** Beside those that every request holds. */
  readonly secrets?: readonly string[] | undefined;
}

/** What the state says about a change that was asked for. */
export interface Look {
  readonly isDone: boolean;
  /** What rules it out. */
  readonly obstacle?: Obstacle | undefined;
}

/** What is sent, and how it is spoken of. */
export type Sending = Pick<Request<unknown>, 'endpoint' | 'action' | 'send'>;

interface Read<Answer, T> extends Request<Answer> {
  /** @throws {UnusableAnswer} */
  readonly parse: (answer: Answer) => T;
}

interface Change extends Request<unknown> {
  /** Reads the state. */
  readonly look: () => Promise<Look>;
}

interface Patience {
  /** @returns false, at once, when the budget is used up */
  pauseAfter(error: RecordingControlError): Promise<boolean>;
}

/** Requests under one roof: inside the rate limits, repeated where that is safe, ended by a signal. */
export class Requests {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #budget: RetryBudget;
  readonly #secrets: readonly string[];
  readonly #tokens: ServerTokens | undefined;
  readonly #gates = new Map<string, RateGate>();

  constructor(options: {
    clock: Clock;
    random: () => number;
    budget: RetryBudget;
    secrets: readonly string[];
    tokens: ServerTokens | undefined;
  }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#budget = options.budget;
    this.#secrets = options.secrets;
    this.#tokens = options.tokens;
  }

  /**
   * What changes nothing, and so may be repeated after any failure that can pass.
   *
   * @throws {RecordingControlError}
   */
  async read<Answer, T>(request: Read<Answer, T>): Promise<T> {
    const patience = this.#patience(request);
    for (;;) {
      try {
        return request.parse(await this.#sendOnce(request));
      } catch (failure) {
        const { error, isPassing } = this.#judge(failure, request);
        if (!isPassing || !(await patience.pauseAfter(error))) throw error;
      }
    }
  }

  /**
   * What changes something. Where it is not known whether a request was carried out, the state is looked at before it is sent
   * again; and where it was refused, before that counts as a failure.
   *
   * @returns whether it was done by this; else it was done already
   * @throws {RecordingControlError}
   */
  async change(change: Change): Promise<boolean> {
    const patience = this.#patience(change);
    let mayBeOurs = false;
    for (;;) {
      try {
        await this.#sendOnce(change);
        return true;
      } catch (failure) {
        const { error, isPassing, mayHaveHappened, isRefusal } = this.#judge(failure, change);
        mayBeOurs ||= mayHaveHappened;
        const isAgain = isPassing && (await patience.pauseAfter(error));
        if (mayHaveHappened || isRefusal) {
          const { isDone, obstacle } = await this.#lookAfter(failure, change);
          if (isDone) return mayBeOurs;
          if (isRefusal && obstacle !== undefined) throw this.#judge(failure, change, { obstacle }).error;
        }
        if (!isAgain) throw error;
      }
    }
  }

  /** A state that cannot be read says nothing, so the failure stands. */
  async #lookAfter(failure: unknown, change: Change): Promise<Look> {
    try {
      return await change.look();
    } catch (lookFailure) {
      const isOurs = lookFailure instanceof RecordingControlError && lookFailure.code !== 'ERR_ABORTED';
      throw isOurs ? this.#judge(failure, change, { isUnclear: true }).error : lookFailure;
    }
  }

  /** Again, where the only thing wrong was the time that this machine takes it to be. */
  async #sendOnce<T>(request: Request<T>): Promise<T> {
    try {
      return await this.#sendNow(request);
    } catch (failure) {
      if (!isOfWrongTime(failure)) throw failure;
      const isMended = this.#tokens?.goBy(failure.metadata.responseHeaders?.get('date') ?? null);
      if (isMended !== true) throw failure;
      return await this.#sendNow(request);
    }
  }

  async #sendNow<T>({ endpoint, action, send, signal }: Request<T>): Promise<T> {
    const gate = this.#gateOf(endpoint);
    await this.#waitAt(gate, action, signal);
    if (signal?.aborted) throw aborted(action, signal);
    gate.enter();
    const sent = send().then(
      (answer) => {
        gate.leave(rateLimitOf(answer));
        return answer;
      },
      (failure: unknown) => {
        gate.leave(isSdkError(failure) ? failure.metadata.rateLimit : undefined);
        throw failure;
      },
    );
    return orAborted(sent, action, signal);
  }

  /** Whoever comes last may find the next window used up as well. */
  async #waitAt(gate: RateGate, action: string, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      const until = gate.closedUntil(now);
      // A reset that far away is a wrong clock rather than a limit: the API says itself what it takes.
      if (until === undefined || until - now > this.#budget.withinMs) return;
      await this.pause(until - now + this.#random() * SPREAD_MS, action, signal);
    }
  }

  /** @throws {RecordingControlError} ERR_ABORTED */
  async pause(ms: number, action: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal);
    } catch (failure) {
      throw signal?.aborted ? aborted(action, signal) : failure;
    }
  }

  #patience({ action, signal }: Request<unknown>): Patience {
    let firstFailureAt: number | undefined;
    let failures = 0;
    let refusals = 0;
    return {
      pauseAfter: async ({ code, resetAt }) => {
        if (code === 'ERR_RATE_LIMITED') refusals += 1;
        else failures += 1;
        const now = this.#clock.now();
        firstFailureAt ??= now;
        const waitMs = this.#backOffMs(failures + refusals, (resetAt?.getTime() ?? now) - now);
        const isLate = now + waitMs > firstFailureAt + this.#budget.withinMs;
        if (isLate || failures >= this.#budget.attempts) return false;
        await this.pause(waitMs, action, signal);
        return true;
      },
    };
  }

  /** Exponential with full jitter: clients that failed together do not come back together. */
  #backOffMs(tries: number, untilResetMs: number): number {
    const jitter = this.#random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
    return untilResetMs > 0 ? untilResetMs + this.#random() * SPREAD_MS : jitter;
  }

  #judge(
    failure: unknown,
    { action, secrets = [] }: Request<unknown>,
    known: { obstacle?: Obstacle; isUnclear?: boolean } = {},
  ): Judgement {
    return judge(failure, action, { ...known, secrets: [...this.#secrets, ...secrets] });
  }

  #gateOf(endpoint: string): RateGate {
    const gate = this.#gates.get(endpoint) ?? new RateGate();
    this.#gates.set(endpoint, gate);
    return gate;
  }
}

function rateLimitOf(answer: unknown): RateLimit | undefined {
  return (answer as { metadata?: { rateLimit?: RateLimit } } | undefined)?.metadata?.rateLimit;
}

/** The SDK takes no signal: what was sent goes on until it is answered, without anybody who waits for it. */
async function orAborted<T>(work: Promise<T>, action: string, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(aborted(action, signal));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
