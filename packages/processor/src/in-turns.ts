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
  for (let since = performance.now(); ; ) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - since < TURN_MS) continue;
    await setImmediate();
    signal?.throwIfAborted();
    since = performance.now();
  }
}

/** Does all of it at once. */
export function atOnce<Result>(work: Generator<void, Result, void>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
