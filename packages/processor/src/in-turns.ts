import { setImmediate } from 'node:timers/promises';

/** So long may a thread work without looking up: signals and progress wait for it. */
const TURN_MS = 50;

/**
 * Does long work of this thread piece by piece, as it is yielded: in between, what else waits for the thread has its turn.
 *
 * @throws the signal's reason when aborted
 */
export async function inTurns<Result>(
  work: Generator<void, Result, void>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const turns = new Turns(signal);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (turns.isOver) await turns.pass();
  }
}

/** The same for work that is not one piece: who does it asks between two pieces. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether it is somebody else's. */
  get isOver(): boolean {
    return performance.now() - this.#since >= TURN_MS;
  }

  /**
   * Lets what waits for the thread do its work.
   *
   * @throws the signal's reason when aborted
   */
  async pass(): Promise<void> {
    await setImmediate();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}

/** Does all of it at once. */
export function atOnce<Result>(work: Generator<void, Result, void>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
