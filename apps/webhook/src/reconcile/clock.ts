import { setTimeout } from 'node:timers/promises';

/** The time that looks are taken at, and that is waited between them. */
export interface ReconcilerClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @throws whatever, once the signal is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: ReconcilerClock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await setTimeout(ms, undefined, { signal });
  },
};
