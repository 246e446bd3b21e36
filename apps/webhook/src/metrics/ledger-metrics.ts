import { type Backlog, type Ledger, RECORDING_STATES } from '@rawreel/jobs';
import { Gauge, type Registry } from 'prom-client';
import { READY_WITHIN_MS } from '../http/limits.ts';
import { withinTime } from '../http/within-time.ts';
import { cachedQuery } from './cached-query.ts';

const DAY_MS = 86_400_000;
/** As the reconciler warns. */
const EXPIRING_WITHIN_MS = 2 * DAY_MS;

/** Asked for all gauges at once; a scrape waits for it so long, and the next one finds what has been answered since. */
function question<T>(ask: () => Promise<T>): () => Promise<T | undefined> {
  const answer = cachedQuery(ask);
  return () => withinTime(READY_WITHIN_MS, answer).catch(() => undefined);
}

/**
 * What the ledger says when it is asked. Where it does not answer, `rawreel_ledger_up` is 0 and the others are missing: old numbers
 * would look like new ones.
 */
export function ledgerMetrics(registry: Registry, ledger: Pick<Ledger, 'counts' | 'backlog'>): void {
  const askBacklog = question(() => ledger.backlog(Date.now() + EXPIRING_WITHIN_MS));
  // Apart: of tens of millions it takes seconds to count what is done.
  const askCounts = question(() => ledger.counts());
  const gauge = (name: string, help: string, read: (backlog: Backlog) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const backlog = await askBacklog();
        this.remove();
        if (backlog !== undefined) this.set(read(backlog));
      },
    });

  new Gauge({
    name: 'rawreel_ledger_up',
    help: '1 where the database answers, 0 where it does not',
    registers: [registry],
    async collect() {
      this.set((await askBacklog()) === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: 'rawreel_recordings',
    help: 'Recordings in the ledger, by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const counts = await askCounts();
      this.reset();
      if (counts === undefined) return;
      for (const state of RECORDING_STATES) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  gauge(
    'rawreel_queue_depth',
    'Recordings that wait for a worker, or for their next attempt',
    ({ open }) => open.get('queued')?.count ?? 0,
  );
  gauge('rawreel_queue_oldest_seconds', 'For how long the oldest of them has waited', ({ open }) =>
    secondsSince(open.get('queued')?.oldestSinceMs),
  );
  gauge('rawreel_recordings_held', 'Queued, and a worker had no room for them', ({ held }) => held);
  gauge(
    'rawreel_recordings_expiring',
    'Not done, and their link or file goes away within two days',
    ({ expiring }) => expiring,
  );
  gauge('rawreel_leases', 'Attempts that run, of all processes', ({ leases }) => leases);
  gauge('rawreel_workers_busy', 'Workers that have one or more of them', ({ workers }) => workers);
}

const secondsSince = (ms: number | undefined): number =>
  ms === undefined ? 0 : Math.max(0, (Date.now() - ms) / 1000);
