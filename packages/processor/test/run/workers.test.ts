import { expect, test } from 'vitest';
import type { ScanJob } from '../../src/jobs/scan-job.ts';
import type { PlannedTrack } from '../../src/plan/plan.ts';
import { startWorkers } from '../../src/run/start-workers.ts';
import { workHere } from '../../src/run/workers.ts';

test('jobs that wait when a run is aborted are not begun', async () => {
  const reason = new Error('enough');
  const begun: string[] = [];
  const controller = new AbortController();
  const workers = workHere({ signal: controller.signal, onProgress: ({ type }) => begun.push(type) });
  controller.abort(reason);
  const job = { settings: {}, track: { segments: [] }, number: 0 } as unknown as ScanJob;
  await expect(workers.scan(job)).rejects.toBe(reason);
  expect(begun).toEqual([]);
  await workers[Symbol.asyncDispose]();
});

test.each([
  ['one', 1, 2, undefined],
  ['more than there are tracks', 8, 2, { count: 2, isAskedFor: true }],
  ['fewer', 2, 5, { count: 2, isAskedFor: true }],
] as const)('workers wanted: %s · what decodes sound', async (_, wanted, tracks, decoding) => {
  const planned = Array.from({ length: tracks }, () => ({ segments: [] }) as unknown as PlannedTrack);
  await using workers = startWorkers(planned, wanted, { onProgress: () => undefined });
  const { count, isAskedFor } = workers.decoding ?? {};
  expect(workers.decoding && { count, isAskedFor }).toEqual(decoding);
});

test('workers nobody asked for · decode only what is worth it', async () => {
  const planned = Array.from({ length: 2 }, () => ({ segments: [] }) as unknown as PlannedTrack);
  await using workers = startWorkers(planned, undefined, { onProgress: () => undefined });
  expect(workers.decoding?.isAskedFor).toBe(false);
});
