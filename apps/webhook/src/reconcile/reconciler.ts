import type { Ledger } from '@rawreel/jobs';
import { AppRounds } from './app-rounds.ts';
import { type ReconcilerClock, systemClock } from './clock.ts';
import { ExpiryWarnings } from './expiry-warnings.ts';
import type { Look, ReconciledApp, WatchLook } from './look.ts';
import type { OnWarning } from './warning.ts';

export interface ReconcilerOptions {
  readonly apps: readonly ReconciledApp[];
  readonly ledger: Ledger;
  /** From the end of one look to the next. Default: 5 min. */
  readonly everyMs?: number | undefined;
  /**
   * How much of what was looked at is looked at again: as long as a recording takes to be listed after the end of its call, and as clocks
   * differ. Default: 1 h.
   */
  readonly overlapMs?: number | undefined;
  /** How often all calls are asked that were not ended. Default: 24 h. */
  readonly allEveryMs?: number | undefined;
  /** How long Stream keeps a file: a new service looks so far back, and takes up nothing that ended before. Default: two weeks. */
  readonly retentionMs?: number | undefined;
  /** How long ahead is warned of what expires. Default: 2 days. */
  readonly warnBeforeMs?: number | undefined;
  readonly onWarning: OnWarning;
  /** For metrics and traces. Default: nothing is done around a look. */
  readonly watch?: WatchLook | undefined;
  /** Default: the machine's. */
  readonly clock?: ReconcilerClock | undefined;
  /** From 0 to 1, for jitter. */
  readonly random?: (() => number) | undefined;
}

export interface Reconciler {
  /** Looks at every app now, and then every few minutes. */
  start(): void;
  /** Ends looks that are under way: they are repeated after the next start. It is not started again. */
  stop(): Promise<void>;
  /** What the looks have found, by API key; without those that failed, which `onWarning` is told of. */
  lookNow(): Promise<ReadonlyMap<string, readonly Look[]>>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How long Stream keeps a file. */
export const RETENTION_MS = 14 * DAY_MS;

/**
 * Asks Stream what the service should have heard of, and adds to the ledger what it has not. Several of them, in as many services on
 * one database, do each other no harm.
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const {
    ledger,
    everyMs = 5 * MINUTE_MS,
    overlapMs = HOUR_MS,
    allEveryMs = DAY_MS,
    retentionMs = RETENTION_MS,
    warnBeforeMs = 2 * DAY_MS,
    clock = systemClock,
    random = Math.random,
    onWarning,
    watch = (_, look) => look(),
  } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const warnings = new ExpiryWarnings(ledger, warnBeforeMs, onWarning);
  const common = { ledger, everyMs, overlapMs, allEveryMs, retentionMs, clock, random, signal };
  const rounds = new Map(
    options.apps.map((app) => [app.apiKey, new AppRounds(app, { ...common, warnings, onWarning, watch })]),
  );
  let running: Promise<unknown> | undefined;
  return {
    start() {
      running ??= Promise.all([...rounds.values()].map((each) => each.run()));
    },
    async stop() {
      stopping.abort();
      await running;
      await Promise.all([...rounds.values()].map((each) => each.settled()));
    },
    async lookNow() {
      const looks = [...rounds].map(async ([apiKey, each]) => [apiKey, await each.lookNow()] as const);
      return new Map(await Promise.all(looks));
    },
  };
}
