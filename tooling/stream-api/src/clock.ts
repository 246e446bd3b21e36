interface Job {
  readonly at: number;
  readonly run: () => void;
}

/** The longest that one timer of Node can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The stand-in's time. It runs as the machine's does, or as a test's own does, and can be moved forward at will; what was set for
 * a later time happens when that has come, in the order of those times. With a time of the test's own nothing happens by itself: only
 * `advance`, or the next request, looks what is due.
 */
export class Clock {
  #offset = 0;
  #jobs: Job[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #base: () => number;
  readonly #runsByItself: boolean;

  constructor(base: (() => number) | undefined) {
    this.#base = base ?? Date.now;
    this.#runsByItself = base === undefined;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#base() + this.#offset;
  }

  after(delayMs: number, run: () => void): void {
    this.#jobs.push({ at: this.now() + delayMs, run });
    this.#jobs.sort((a, b) => a.at - b.at);
    this.#arm();
  }

  /**
   * Each job sees the time that it was set for, and what `settled` waits for has ended before the time goes on: a job that is set
   * meanwhile, and due, has its turn too.
   */
  async advance(ms: number, settled: () => Promise<void>): Promise<void> {
    const target = this.now() + ms;
    await settled();
    for (let job = this.#takeDue(target); job !== undefined; job = this.#takeDue(target)) {
      this.#offset += Math.max(0, job.at - this.now());
      job.run();
      await settled();
    }
    this.#offset += Math.max(0, target - this.now());
  }

  /** Does what is due. */
  catchUp(): void {
    for (let job = this.#takeDue(this.now()); job !== undefined; job = this.#takeDue(this.now())) job.run();
    this.#arm();
  }

  stop(): void {
    this.#jobs = [];
    this.#arm();
  }

  #takeDue(until: number): Job | undefined {
    const [next] = this.#jobs;
    return next !== undefined && next.at <= until ? this.#jobs.shift() : undefined;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [next] = this.#jobs;
    if (next === undefined || !this.#runsByItself) return;
    const wait = Math.min(LONGEST_TIMER, Math.max(0, next.at - this.now()));
    this.#timer = setTimeout(() => this.catchUp(), wait).unref();
  }
}
