import { type Backlog, type Ledger, RECORDING_STATES, type RecordingState } from '@rawreel/jobs';
import { Gauge, type Registry } from 'prom-client';
import { READY_WITHIN_MS } from '../http/limits.ts';
import { withinTime } from '../http/within-time.ts';
import { remembered } from './remembered.ts';

const DAY_MS = 86_400_000;
/** As the reconciler warns. */
const EXPIRING_WITHIN_MS = 2 * DAY_MS;

interface Numbers {
  readonly counts: ReadonlyMap<RecordingState, number>;
  readonly backlog: Backlog;
}

/**
 * What the ledger says when it is asked. Where it does not answer, `rawreel_ledger_up` is 0 and the others are missing: old numbers
 * would look like new ones.
 */
export function ledgerMetrics(registry: Registry, ledger: Pick<Ledger, 'counts' | 'backlog'>): void {
  const ask = remembered(async (): Promise<Numbers> => {
    const expiringBeforeMs = Date.now() + EXPIRING_WITHIN_MS;
    const asking = () => Promise.all([ledger.counts(), ledger.backlog(expiringBeforeMs)]);
    const [counts, backlog] = await withinTime(READY_WITHIN_MS, asking);
    return { counts, backlog };
  });
  const gauge = (name: string, help: string, read: (numbers: Numbers) => number | undefined) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.remove();
        const value = await ask().then(read, () => undefined);
        if (value !== undefined) this.set(value);
      },
    });

  new Gauge({
    name: 'rawreel_ledger_up',
    help: '1 where the database answers, 0 where it does not',
    registers: [registry],
    async collect() {
      this.set(
        await ask().then(
          () => 1,
          () => 0,
        ),
      );
    },
  });
  new Gauge({
    name: 'rawreel_recordings',
    help: 'Recordings in the ledger, by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      const numbers = await ask().catch(() => undefined);
      if (numbers === undefined) return;
      for (const state of RECORDING_STATES) this.set({ state }, numbers.counts.get(state) ?? 0);
    },
  });
  gauge(
    'rawreel_queue_depth',
    'Recordings that wait for a worker, or for their next attempt',
    ({ backlog }) => backlog.open.get('queued')?.count ?? 0,
  );
  gauge('rawreel_queue_oldest_seconds', 'For how long the oldest of them has waited', ({ backlog }) =>
    secondsSince(backlog.open.get('queued')?.oldestSinceMs),
  );
  gauge(
    'rawreel_recordings_held',
    'Queued, and a worker had no room for them',
    ({ backlog }) => backlog.held,
  );
  gauge(
    'rawreel_recordings_expiring',
    'Not done, and their link or file goes away within two days',
    ({ backlog }) => backlog.expiring,
  );
  gauge('rawreel_leases', 'Attempts that run, of all processes', ({ backlog }) => backlog.leases);
  gauge('rawreel_workers_busy', 'Workers that have one or more of them', ({ backlog }) => backlog.workers);
}

const secondsSince = (ms: number | undefined): number =>
  ms === undefined ? 0 : Math.max(0, (Date.now() - ms) / 1000);
