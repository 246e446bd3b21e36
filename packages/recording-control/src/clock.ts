import { setTimeout } from 'node:timers/promises';

/** Time as requests and waiting see it; a test brings its own. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** @throws whatever, once the signal is aborted */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await setTimeout(ms, undefined, { signal });
  },
};
