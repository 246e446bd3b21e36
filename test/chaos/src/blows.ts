import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@rawreel/fixtures';
import type { Database } from './database.ts';
import type { Program } from './program.ts';

/** What is struck, and how often beside the others. A freeze is no kill: the worker stands still until its leases are over. */
const SHARES = { receiver: 3, worker: 4, database: 2, session: 1, freeze: 1 } as const;
export type Blow = keyof typeof SHARES;

const MEAN_PAUSE_MS = 2000;
/** A machine that is slow, or busy, has so much done between two blows, or so much time: else it would never get on. */
const LEAST_DONE = 4;
const LONGEST_PAUSE_MS = 15_000;
const LOOK_MS = 100;
const SHORT_PAUSE_MS = 2000;
/** Longer than Stream tries to deliver an event. */
const LONG_PAUSE_MS = 18_000;

export interface Struck {
  readonly receiver: Program;
  readonly workers: readonly Program[];
  readonly database: Database;
  readonly leaseMs: number;
  /** How many recordings are done by now. */
  readonly done: () => number;
}

/** Strikes at random until the signal is aborted, and counts. */
export class Blows {
  readonly counts: Record<Blow, number> = { receiver: 0, worker: 0, database: 0, session: 0, freeze: 0 };
  readonly #random: Random;
  readonly #struck: Struck;

  constructor(random: Random, struck: Struck) {
    this.#random = random;
    this.#struck = struck;
  }

  /** With -9. */
  get kills(): number {
    const { freeze, ...kills } = this.counts;
    return Object.values(kills).reduce((sum, count) => sum + count, 0);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#pause(signal);
      if (signal.aborted) return;
      // What is down already cannot be struck.
      let blow = this.#choose();
      while (!signal.aborted && !(await this.#strike(blow, signal))) blow = this.#choose();
      this.counts[blow] += 1;
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const begunMs = performance.now();
    const done = this.#struck.done();
    const wait = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
    await wait(this.#random.exponential(MEAN_PAUSE_MS));
    const isDue = () =>
      this.#struck.done() >= done + LEAST_DONE || performance.now() - begunMs >= LONGEST_PAUSE_MS;
    while (!signal.aborted && !isDue()) await wait(LOOK_MS);
  }

  #choose(): Blow {
    const shares = Object.entries(SHARES) as [Blow, number][];
    let left = this.#random.below(shares.reduce((sum, [, share]) => sum + share, 0));
    return (shares.find(([, share]) => {
      left -= share;
      return left < 0;
    }) ?? ['worker'])[0];
  }

  /** @returns whether there was anything to strike */
  async #strike(blow: Blow, signal: AbortSignal): Promise<boolean> {
    const { receiver, workers, database, leaseMs } = this.#struck;
    const worker = workers[this.#random.below(workers.length)] as Program;
    const isLong = this.#random.chance(0.2);
    const downMs = isLong ? LONG_PAUSE_MS : this.#random.between(0, SHORT_PAUSE_MS);
    switch (blow) {
      case 'receiver':
        return await killed(receiver, downMs);
      case 'worker':
        return await killed(worker, Math.min(downMs, leaseMs));
      case 'database':
        return await database.kill();
      case 'session':
        return await database.killSession((count) => this.#random.below(count));
      case 'freeze':
        if (!worker.isUp) return false;
        worker.freeze();
        await sleep(leaseMs + downMs / 4, undefined, { signal }).catch(() => undefined);
        worker.thaw();
        return true;
      default:
        return blow satisfies never;
    }
  }
}

async function killed(program: Program, downMs: number): Promise<boolean> {
  if (!program.isUp) return false;
  await program.kill(downMs);
  return true;
}
