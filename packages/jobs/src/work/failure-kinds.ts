/** How often a kind of failure is tried again, and how long is waited: `firstSeconds`, then twice as long each time up to `mostSeconds`. */
export interface RetryRule {
  readonly retries: number;
  readonly firstSeconds: number;
  readonly mostSeconds: number;
}

const NEVER: RetryRule = { retries: 0, firstSeconds: 0, mostSeconds: 0 };

/**
 * What goes wrong with an attempt, and whether another one can do better. Retries are counted by kind, since the last time that a
 * person asked for a retry.
 */
export const RETRY_RULES = {
  /** The link was over: the next attempt gets a new one. */
  'expired-link': { retries: 5, firstSeconds: 5, mostSeconds: 600 },
  /** Stream, the bucket or the way there: for about a day. */
  network: { retries: 30, firstSeconds: 10, mostSeconds: 3600 },
  /** Somebody has to make room, here or at the destination: for about two days. */
  'disk-full': { retries: 200, firstSeconds: 60, mostSeconds: 900 },
  /** A key, a bucket or a program that is not as it should be, until somebody sets it right: for about two days. */
  configuration: { retries: 200, firstSeconds: 60, mostSeconds: 900 },
  /** The archive itself; it will be no better next time. */
  damaged: NEVER,
  /** The file is not at Stream any more. */
  gone: NEVER,
  /** The worker was not heard of any more: killed, out of memory, cut off. What kills every worker is given up. */
  lost: { retries: 5, firstSeconds: 1, mostSeconds: 60 },
  /** What nobody thought of. */
  bug: { retries: 3, firstSeconds: 30, mostSeconds: 600 },
} as const satisfies Record<string, RetryRule>;

export type FailureKind = keyof typeof RETRY_RULES;
export type RetryRules = Readonly<Record<FailureKind, RetryRule>>;

/** Thrown by a handler that knows what went wrong; any other error is a `bug`. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * @param earlier failures of this kind before this one
 * @returns seconds until the next attempt, or `undefined` when there is none
 */
export function retryDelay(rules: RetryRules, kind: FailureKind, earlier: number): number | undefined {
  const { retries, firstSeconds, mostSeconds } = rules[kind];
  return earlier < retries ? Math.min(firstSeconds * 2 ** earlier, mostSeconds) : undefined;
}
