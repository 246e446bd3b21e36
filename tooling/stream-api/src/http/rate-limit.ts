export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** Windows that follow each other without a gap, each of which takes so many requests. One for all endpoints. */
export class RateLimiter {
  readonly #limit: RateLimit;
  #window = -1;
  #taken = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Counts a request in; what is refused does not count. */
  take(now: number): { readonly passes: boolean; readonly headers: Record<string, string> } {
    const { requests, windowMs } = this.#limit;
    const window = Math.floor(now / windowMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#taken = 0;
    }
    const passes = this.#taken < requests;
    if (passes) this.#taken += 1;
    return {
      passes,
      headers: rateLimitHeaders(requests, requests - this.#taken, (window + 1) * windowMs),
    };
  }
}

/** @param resetAt when requests pass again, in milliseconds since 1970; the header tells whole seconds. */
export const rateLimitHeaders = (limit: number, remaining: number, resetAt: number) => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(Math.ceil(resetAt / 1000)),
});
