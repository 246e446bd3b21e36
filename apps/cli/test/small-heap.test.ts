import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const FILL = fileURLToPath(new URL('fill-heap.ts', import.meta.url));

test('the main thread’s young generation stays small, and a worker’s gets what its limit allows', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [FILL, 'small']);
  // A Node that does not know the flags says so.
  expect(stderr).toBe('');
  const { own, ofWorker } = JSON.parse(stdout) as { own: number; ofWorker: number };
  expect(own).toBeLessThan(6);
  expect(ofWorker).toBeGreaterThan(6);
});

test('of a film · garbage is found before it is more than what lives', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [FILL, 'garbage', 'little']);
  expect(stderr).toBe('');
  const { largest } = JSON.parse(stdout) as { largest: number };
  expect(largest).toBeLessThan(90);
});
