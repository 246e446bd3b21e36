import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { LookEnd } from '../telemetry/traced-look.ts';

/** From a small app to one whose look takes hours. */
const SECONDS = [0.5, 2, 10, 60, 300, 1800, 7200];

export function lookMetrics(registry: Registry) {
  const registers = [registry];
  const looks = new Histogram({
    name: 'rawreel_look_duration_seconds',
    help: 'How long the reconciler’s looks took, by breadth and outcome (done, failed)',
    labelNames: ['app', 'breadth', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const last = new Gauge({
    name: 'rawreel_look_last_done_timestamp_seconds',
    help: 'When the last look of this process was over that did not fail, in seconds since 1970',
    labelNames: ['app', 'breadth'],
    registers,
  });
  const recordings = new Counter({
    name: 'rawreel_look_recordings_total',
    help: 'Recordings of which a look knew more than the events: found, renewed (a newer link) or expired',
    labelNames: ['what'],
    registers,
  });
  return {
    looked({ apiKey: app, breadth, seconds, look }: LookEnd): void {
      looks.observe({ app, breadth, outcome: look === undefined ? 'failed' : 'done' }, seconds);
      if (look === undefined) return;
      last.set({ app, breadth }, Date.now() / 1000);
      for (const what of ['found', 'renewed', 'expired'] as const) recordings.inc({ what }, look[what]);
    },
  };
}
