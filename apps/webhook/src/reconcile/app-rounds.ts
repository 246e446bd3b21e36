import type { Ledger } from '@rawreel/jobs';
import { RecordingControlError } from '@rawreel/recording-control';
import type { ReconcilerClock } from './clock.ts';
import type { ExpiryWarnings } from './expiry-warnings.ts';
import { type Breadth, type Look, look, type ReconciledApp, type WatchLook } from './look.ts';
import type { OnWarning } from './warning.ts';

export interface RoundOptions {
  readonly ledger: Ledger;
  readonly everyMs: number;
  readonly overlapMs: number;
  readonly allEveryMs: number;
  readonly retentionMs: number;
  readonly clock: ReconcilerClock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly warnings: ExpiryWarnings;
  readonly onWarning: OnWarning;
  readonly watch: WatchLook;
}

const FIRST_BACK_OFF_MS = 30_000;
const LONGEST_BACK_OFF_MS = 30 * 60_000;

/** Looks at one app, one after the other; each app has its own, so that none waits for another. */
export class AppRounds {
  readonly #app: ReconciledApp;
  readonly #options: RoundOptions;
  /** Up to when it was looked at by this process: the ledger's cursors stay behind while a call fails. */
  readonly #lookedAtMs = new Map<Breadth, number>();
  /** When the last look at active calls was over: one of a large app takes longer than the time between two. */
  #activeEndedMs: number | undefined;
  /** Calls by the last look that Stream named them in: for a while they are asked though it names them no more. */
  readonly #recent = new Map<string, number>();
  /** Calls that could not be listed: the cursors wait for them. */
  readonly #failing = new Set<string>();
  #isAllDue = false;
  #allNotBeforeMs = Number.NEGATIVE_INFINITY;
  #failures: Readonly<Record<Breadth, number>> = { active: 0, all: 0 };
  #active: Promise<unknown> = Promise.resolve();
  #all: Promise<Look | undefined> | undefined;

  constructor(app: ReconciledApp, options: RoundOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** Until the signal is aborted. */
  async run(): Promise<void> {
    const { clock, everyMs, signal } = this.#options;
    while (!signal.aborted) {
      const againAtMs = await this.#queued(async () => {
        const { againAtMs } = await this.#activeLook();
        return againAtMs;
      });
      // Beside the next looks: of a large app it can take hours.
      if (againAtMs === undefined) void this.#allLookIfDue();
      const waitMs = againAtMs === undefined ? everyMs : againAtMs - clock.now();
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** Once no look is under way. */
  async settled(): Promise<void> {
    await this.#active;
    await this.#all;
  }

  /** After the one that may be under way, which cannot know what has happened since it began. */
  async lookNow(): Promise<readonly Look[]> {
    const { look: active } = await this.#queued(() => this.#activeLook());
    const all = active && (await this.#allLookIfDue());
    return [active, all].filter((each) => each !== undefined);
  }

  #queued<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#active.then(work);
    this.#active = result.catch(() => undefined);
    return result;
  }

  async #activeLook(): Promise<{ look?: Look | undefined; againAtMs?: number | undefined }> {
    const { ledger, clock, everyMs, overlapMs, allEveryMs, signal, warnings } = this.#options;
    const { apiKey } = this.#app;
    const nowMs = clock.now();
    return await this.#guarded('active', async () => {
      const fromMs = this.#lookedAtMs.get('active') ?? (await ledger.cursor(apiKey, 'active'));
      const allMs = this.#lookedAtMs.get('all') ?? (await ledger.cursor(apiKey, 'all'));
      const endedMs = this.#activeEndedMs ?? fromMs;
      const isGap = endedMs === undefined || nowMs - endedMs > everyMs + overlapMs;
      // One that is under way makes up for what it began with.
      if (this.#all === undefined)
        this.#isAllDue ||= isGap || allMs === undefined || nowMs - allMs >= allEveryMs;
      try {
        return await this.#lookAtActive(fromMs, nowMs);
      } finally {
        // Also where Stream does not answer.
        if (!signal.aborted) await warnings.tell(nowMs);
      }
    });
  }

  async #lookAtActive(fromMs: number | undefined, nowMs: number): Promise<Look> {
    const { overlapMs, clock } = this.#options;
    const failing = [...this.#failing];
    const done = await this.#look('active', fromMs, nowMs, [...this.#recent.keys(), ...failing]);
    for (const callCid of done.named) this.#recent.set(callCid, nowMs);
    for (const [callCid, namedMs] of this.#recent)
      if (namedMs < (fromMs ?? nowMs) - overlapMs) this.#recent.delete(callCid);
    // Others may have failed meanwhile, in a look at all.
    for (const callCid of failing) this.#failing.delete(callCid);
    for (const callCid of done.failed) this.#failing.add(callCid);
    await this.#keepCursor('active', nowMs);
    this.#activeEndedMs = clock.now();
    // It may have waited for a call that was listed now.
    const lookedAllMs = this.#lookedAtMs.get('all');
    if (lookedAllMs !== undefined) await this.#keepCursor('all', lookedAllMs);
    return done;
  }

  async #allLookIfDue(): Promise<Look | undefined> {
    if (this.#all !== undefined) return await this.#all;
    const { ledger, clock } = this.#options;
    const nowMs = clock.now();
    if (!this.#isAllDue || nowMs < this.#allNotBeforeMs) return undefined;
    this.#isAllDue = false;
    this.#all = this.#guarded('all', async () => {
      const fromMs = this.#lookedAtMs.get('all') ?? (await ledger.cursor(this.#app.apiKey, 'all'));
      const done = await this.#look('all', fromMs, nowMs, []);
      for (const callCid of done.failed) this.#failing.add(callCid);
      await this.#keepCursor('all', nowMs);
      return done;
    }).then(({ look: done, againAtMs }) => {
      this.#all = undefined;
      if (againAtMs !== undefined) {
        this.#isAllDue = true;
        this.#allNotBeforeMs = againAtMs;
      }
      return done;
    });
    return await this.#all;
  }

  #look(
    breadth: Breadth,
    fromMs: number | undefined,
    nowMs: number,
    again: readonly string[],
  ): Promise<Look> {
    const { ledger, clock, overlapMs, retentionMs, signal, onWarning, watch } = this.#options;
    const floorMs = nowMs - retentionMs;
    const sinceMs = fromMs === undefined ? floorMs : Math.max(floorMs, fromMs - overlapMs);
    const options = { ledger, breadth, sinceMs, clock, retentionMs, again, signal, onWarning };
    return watch({ apiKey: this.#app.apiKey, breadth }, () => look(this.#app, options));
  }

  /** Only when all of a look was taken up: a crash before repeats it. */
  async #keepCursor(breadth: Breadth, nowMs: number): Promise<void> {
    this.#lookedAtMs.set(breadth, nowMs);
    if (this.#failing.size > 0) return;
    await this.#options.ledger.moveCursor(this.#app.apiKey, breadth, nowMs);
  }

  /** A look that fails is told, and tried again later and later. */
  async #guarded(
    breadth: Breadth,
    work: () => Promise<Look>,
  ): Promise<{ look?: Look | undefined; againAtMs?: number | undefined }> {
    const { signal, onWarning } = this.#options;
    try {
      signal.throwIfAborted();
      const done = await work();
      this.#failures = { ...this.#failures, [breadth]: 0 };
      return { look: done };
    } catch (error) {
      if (signal.aborted) return {};
      const failures = this.#failures[breadth] + 1;
      this.#failures = { ...this.#failures, [breadth]: failures };
      const againAtMs = this.#againAtMs(failures, error);
      const { apiKey } = this.#app;
      const why = error instanceof Error ? error.message : String(error);
      const message = `App ${apiKey} could not be looked at: ${why}. It is tried again at ${new Date(againAtMs).toISOString()}`;
      onWarning({ code: 'app-failed', apiKey, error, againAtMs, message });
      return { againAtMs };
    }
  }

  #againAtMs(failures: number, error: unknown): number {
    const { clock, random } = this.#options;
    const backOffMs = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
    const resetMs = error instanceof RecordingControlError ? (error.resetAt?.getTime() ?? 0) : 0;
    return Math.max(resetMs, clock.now() + backOffMs * (0.5 + random() / 2));
  }
}
