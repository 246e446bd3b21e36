import { setTimeout as sleep } from 'node:timers/promises';
import type { FailoverLook } from './failover-looks.ts';

export interface FailoverRoundsOptions {
  readonly look: (signal: AbortSignal) => Promise<FailoverLook>;
  readonly onLook: (look: FailoverLook) => void;
  /** The bucket could not be looked at; it is tried again after `againInMs`. */
  readonly onFailure: (error: unknown, againInMs: number) => void;
}

const EVERY_MS = 5 * 60_000;
const FIRST_BACK_OFF_MS = 30_000;
const LONGEST_BACK_OFF_MS = 30 * 60_000;

/** Looks now, and every five minutes after the end of the last look. @returns how it is stopped */
export function startFailoverRounds({ look, onLook, onFailure }: FailoverRoundsOptions): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    for (let failures = 0; !signal.aborted; ) {
      let waitMs = EVERY_MS;
      try {
        onLook(await look(signal));
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        waitMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** failures);
        failures += 1;
        onFailure(error, waitMs);
      }
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await running;
  };
}
