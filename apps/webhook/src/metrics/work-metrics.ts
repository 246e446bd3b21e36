import type { AttemptStage, WorkerEvent } from '@rawreel/jobs';
import { Counter, Histogram, type Registry } from 'prom-client';

/** From a sound recording of a minute to a day's call. */
const SECONDS = [0.5, 2, 5, 15, 60, 300, 900, 3600, 4 * 3600];

export function workMetrics(registry: Registry) {
  const registers = [registry];
  const attempts = new Histogram({
    name: 'rawreel_attempt_duration_seconds',
    help: 'How long attempts of this process took, by their outcome',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const stages = new Histogram({
    name: 'rawreel_stage_duration_seconds',
    help: 'How long each stage of attempts took, also of those that failed in it',
    labelNames: ['stage'],
    buckets: SECONDS,
    registers,
  });
  const failures = new Counter({
    name: 'rawreel_attempt_failures_total',
    help: 'Attempts of this process that failed, by cause',
    labelNames: ['cause'],
    registers,
  });
  const read = new Counter({
    name: 'rawreel_archive_read_bytes_total',
    help: 'Bytes of archives that came over a network, of recordings that were stored',
    registers,
  });
  const stored = new Counter({
    name: 'rawreel_outputs_stored_bytes_total',
    help: 'Bytes of files that were stored',
    registers,
  });
  const files = new Counter({
    name: 'rawreel_outputs_stored_total',
    help: 'Files that were stored',
    registers,
  });
  const begunAt = new Map<string, number>();
  return {
    worked(event: WorkerEvent): void {
      if (event.kind === 'stopped') return;
      const { id } = event.recording;
      if (event.kind === 'claimed') {
        begunAt.set(id, performance.now());
        return;
      }
      const { result } = event;
      const now = performance.now();
      attempts.observe({ outcome: result.outcome }, (now - (begunAt.get(id) ?? now)) / 1000);
      begunAt.delete(id);
      if (result.outcome === 'failed') failures.inc({ cause: result.kind });
      if (result.outcome === 'stored') {
        stored.inc(result.outputs.bytes);
        files.inc(result.outputs.files);
      }
    },
    staged(stage: AttemptStage, seconds: number): void {
      stages.observe({ stage }, seconds);
    },
    archiveRead(bytes: number): void {
      read.inc(bytes);
    },
  };
}
