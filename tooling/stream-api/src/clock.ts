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

  /** @returns what takes the job back. */
  after(delayMs: number, run: () => void): () => void {
    const job = { at: this.now() + delayMs, run };
    this.#jobs.push(job);
    this.#jobs.sort((a, b) => a.at - b.at);
    this.#arm();
    return () => {
      this.#jobs = this.#jobs.filter((other) => other !== job);
      this.#arm();
    };
  }

  /** Each job sees the time that it was set for. */
  advance(ms: number): void {
    const target = this.now() + ms;
    for (let next = this.#jobs[0]; next !== undefined && next.at <= target; next = this.#jobs[0]) {
      this.#offset += Math.max(0, next.at - this.now());
      this.#jobs.shift();
      next.run();
    }
    this.#offset += Math.max(0, target - this.now());
    this.#arm();
  }

  /** Does what is due. */
  catchUp(): void {
    this.advance(0);
  }

  stop(): void {
    this.#jobs = [];
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [next] = this.#jobs;
    if (next === undefined || !this.#runsByItself) return;
    const wait = Math.min(LONGEST_TIMER, Math.max(0, next.at - this.now()));
    this.#timer = setTimeout(() => this.catchUp(), wait).unref();
  }
}
