import { setImmediate as nextTurn } from 'node:timers/promises';
import { stopIfAborted } from './errors.ts';

/** Short enough that Ctrl-C is heard at once, long enough that giving way costs nothing. */
const LONGEST_TURN_MS = 50;

/**
 * Cuts long work that waits for nothing, so that signals and timers come through meanwhile:
 *
 *     if (turns.isOver) await turns.next();
 */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();
  /** Those who wait go on one after the other, or together they would be as long as before. */
  #last: Promise<void> = Promise.resolve();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get isOver(): boolean {
    return performance.now() - this.#since >= LONGEST_TURN_MS;
  }

  /** @throws ArchiveError ERR_ABORTED */
  async next(): Promise<void> {
    this.#last = this.#last.then(() => nextTurn());
    await this.#last;
    stopIfAborted(this.#signal);
    this.#since = performance.now();
  }
}
