/** What an answer tells of the limit of its endpoint, as the SDK hands it over. */
export interface RateLimit {
  readonly rateLimitRemaining?: number | undefined;
  readonly rateLimitReset?: Date | undefined;
}

/**
 * Holds requests to one endpoint back once its window is used up, so that several at a time stay inside the limit. Stream counts
 * each endpoint by itself.
 */
export class RateGate {
  #remaining = Number.POSITIVE_INFINITY;
  #resetAt = 0;
  #underWay = 0;

  /** Until when the endpoint would refuse, in Unix milliseconds; undefined while it takes requests. */
  closedUntil(now: number): number | undefined {
    return now < this.#resetAt && this.#remaining <= this.#underWay ? this.#resetAt : undefined;
  }

  enter(): void {
    this.#underWay += 1;
  }

  /** Answers overtake each other, but what remains of one window only falls. */
  leave({ rateLimitRemaining, rateLimitReset }: RateLimit = {}): void {
    this.#underWay -= 1;
    const resetAt = rateLimitReset?.getTime() ?? Number.NaN;
    if (rateLimitRemaining === undefined || Number.isNaN(resetAt) || resetAt < this.#resetAt) return;
    this.#remaining =
      resetAt === this.#resetAt ? Math.min(this.#remaining, rateLimitRemaining) : rateLimitRemaining;
    this.#resetAt = resetAt;
  }
}
