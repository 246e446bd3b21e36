import type { Ledger } from '@rawreel/jobs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { eventMetrics } from './event-metrics.ts';
import { ledgerMetrics } from './ledger-metrics.ts';
import { lookMetrics } from './look-metrics.ts';
import { workMetrics } from './work-metrics.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** What a process counts, and what its ledger says when it is asked; all names begin with `rawreel_`, but for the process's own. */
export function createMetrics(ledger: Pick<Ledger, 'counts' | 'backlog'>) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  ledgerMetrics(registry, ledger);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    ...eventMetrics(registry),
    ...workMetrics(registry),
    ...lookMetrics(registry),
  };
}
