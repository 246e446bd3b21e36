import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Order } from '../src/index.ts';

/** A real call of one person with microphone and camera, 1.3 MB. */
export const SAMPLE = join(import.meta.dirname, '../../../test/samples/chromium-call.zip');

/** For this test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const orderFor = (output: string, facts: Partial<Order> = {}): Order => ({
  input: SAMPLE,
  output,
  plan: { outputs: ['audio'] },
  madeBy: 'delivery tests',
  ...facts,
});
