import { expect, test } from 'vitest';
import type { ScanJob } from '../../src/jobs/scan-job.ts';
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
