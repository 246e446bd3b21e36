import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Jobs, type Ledger, openJobs, type RecordingSummary } from '@rawreel/jobs';
import { createRecordingControl } from '@rawreel/recording-control';
import { type StreamApi, type StreamApiOptions, startStreamApi } from '@rawreel/stream-api';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import {
  createReconciler,
  type Look,
  type ReconciledApp,
  type Reconciler,
  type ReconcilerClock,
  type ReconcilerOptions,
  type ReconcileWarning,
} from '../../src/index.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Time that goes on when somebody sleeps, and then at once. */
export interface TestClock extends ReconcilerClock {
  readonly sleeps: readonly number[];
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  pass(ms: number): void;
}

export function testClock(startsAt = Date.UTC(2026, 10, 20, 9, 30)): TestClock {
  let time = startsAt;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    pass(ms) {
      time += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      time += ms;
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    },
  };
}

/** Time in which whoever sleeps does so until it is woken. */
export function heldClock({ now }: TestClock) {
  const sleepers: { readonly ms: number; readonly wake: () => void }[] = [];
  let arrival = Promise.withResolvers<void>();
  return {
    now,
    async sleep(ms: number, signal: AbortSignal): Promise<void> {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => reject(signal.reason));
      sleepers.push({ ms, wake: resolve });
      arrival.resolve();
      await promise;
    },
    /** For how long the next one sleeps, once it does; it is woken at once. */
    async nextSleep(): Promise<number> {
      for (;;) {
        const sleeper = sleepers.shift();
        if (sleeper !== undefined) {
          sleeper.wake();
          return sleeper.ms;
        }
        arrival = Promise.withResolvers<void>();
        await arrival.promise;
      }
    },
  };
}

/** One ledger for a test file: each test has an app of its own in it. */
export function ledgerOfFile(): { readonly jobs: Jobs; readonly folder: string } {
  const opened: { jobs?: Jobs; folder?: string } = {};
  beforeAll(async () => {
    opened.folder = mkdtempSync(join(tmpdir(), 'rawreel-webhook-'));
    // PostgreSQL runs as another user where this is root.
    chmodSync(opened.folder, 0o755);
    opened.jobs = await openJobs({ dataFolder: opened.folder });
  });
  afterAll(async () => {
    await opened.jobs?.close();
    if (opened.folder !== undefined) rmSync(opened.folder, { recursive: true, force: true });
  });
  return opened as { jobs: Jobs; folder: string };
}

export const CALL = { type: 'default', id: 'standup' };
const SEED = { calls: [{ ...CALL, participants: ['ann'] }] };

let apps = 0;

/** Stream, and a service that asks it. What several services of one test share is given. */
export class Standing {
  readonly warnings: ReconcileWarning[] = [];
  readonly api: StreamApi;
  readonly clock: TestClock;
  readonly ledger: Ledger;
  readonly app: ReconciledApp;

  constructor(api: StreamApi, clock: TestClock, ledger: Ledger) {
    this.api = api;
    this.clock = clock;
    this.ledger = ledger;
    const { url: baseUrl, apiKey, secret } = api;
    // The stand-in has one key; in the ledger each test is an app of its own.
    const control = createRecordingControl({ apiKey, secret, baseUrl }, { clock, random: () => 0.5 });
    this.app = { apiKey: `app-${++apps}`, control };
  }

  reconciler(options: Partial<ReconcilerOptions> = {}): Reconciler {
    const { app, ledger, clock } = this;
    // The ledger has the recordings of other tests, too.
    const onWarning = (warning: ReconcileWarning) => {
      if (!('recording' in warning) || warning.recording.apiKey === app.apiKey) this.warnings.push(warning);
    };
    const made = createReconciler({ apps: [app], ledger, clock, onWarning, random: () => 1, ...options });
    onTestFinished(() => made.stop());
    return made;
  }

  /** What one look of a service that has just been started finds. */
  async look(options?: Partial<ReconcilerOptions>): Promise<readonly Look[]> {
    return (await this.reconciler(options).lookNow()).get(this.app.apiKey) ?? [];
  }

  async recordings(): Promise<readonly RecordingSummary[]> {
    const { recordings } = await this.ledger.list({ limit: 1000 });
    return recordings.filter(({ apiKey }) => apiKey === this.app.apiKey).reverse();
  }

  readonly sent = (operation: string) => this.api.requests.filter((each) => each.operation === operation);

  /** A recording of a minute that is listed afterwards. */
  async record(call = CALL): Promise<void> {
    await this.app.control.start(call);
    this.clock.pass(MINUTE);
    await this.app.control.stop(call);
    this.clock.pass(5 * MINUTE);
    await this.api.advance(0);
  }
}

export async function standing(
  ledger: Ledger,
  options: Omit<StreamApiOptions, 'now'> = {},
  clock = testClock(),
): Promise<Standing> {
  const api = await startStreamApi({ seed: SEED, ...options, now: clock.now });
  onTestFinished(() => api.stop());
  return new Standing(api, clock, ledger);
}
