import { quantile } from './measure.ts';
import type { CallResult } from './run-call.ts';

/** What there is to see in one call: what happened, and what became of it. */
export function details({ plan, call, sessions }: CallResult): string[] {
  const lines = [`call of ${seconds(plan.lengthMs)}; server's clock set: ${inShort(plan.serverSteps)}`];
  for (const [index, { ofTracks, ...session }] of sessions.entries()) {
    const { clock, network, reports, tracks } = plan.people[index] as (typeof plan.people)[number];
    lines.push(
      `person ${index}: median error ${session.medianMs.toFixed(1)} ms, least delay ${session.leastDelayMs.toFixed(1)} ms, ${session.leftOut} left out`,
      `  clock ${inShort(clock)}`,
      `  network ${inShort(network)}`,
      `  reports ${inShort(reports)}`,
    );
    for (const [number, { kind, errors, uncertaintyMs }] of ofTracks.entries()) {
      const sorted = errors.slice().sort();
      const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => quantile(sorted, share).toFixed(1));
      const segments = call.people[index]?.tracks[number]?.segments ?? [];
      const count = segments.reduce((sum, { packets }) => sum + packets.length, 0);
      const reported = segments.reduce((sum, { reports: own }) => sum + own.length, 0);
      const { rate, changes } = tracks[number] as (typeof tracks)[number];
      lines.push(
        `  ${kind}: ${count} packets, ${reported} reports, ${segments.length} segments; error p50 ${p50}, p99 ${p99}, p99.9 ${p999}; stated ${uncertaintyMs.toFixed(1)} ms`,
        `    rate ${inShort(rate)}`,
        ...changes.map((change) => `    ${seconds(change.atMs)} ${inShort(change)}`),
      );
    }
  }
  return lines;
}

const inShort = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'number' ? Math.round(100 * part) / 100 : part));

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
