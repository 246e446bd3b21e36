export interface RetryPolicy {
  /** Of one thing, without progress between them. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

export const PATIENT: RetryPolicy = { attempts: 6, baseMs: 500, maxMs: 30_000 };

/**
 * Exponential back-off with full jitter: clients that failed together do not come back together. What the server asks to
 * wait at least is kept to, up to `maxMs`.
 *
 * @param attempt that failed, from 1
 */
export function backOffMs({ baseMs, maxMs }: RetryPolicy, attempt: number, retryAfterMs: number): number {
  const jitter = Math.random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  return Math.round(Math.max(jitter, Math.min(retryAfterMs, maxMs)));
}
