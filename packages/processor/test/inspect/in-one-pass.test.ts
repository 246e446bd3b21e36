import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Inspection } from '../../src/inspect/inspection.ts';
import { planRecording } from '../../src/plan/plan-recording.ts';
import { inspectRecording } from '../../src/run/inspect-recording.ts';
import { runPlan } from '../../src/run/run-plan.ts';

const SAMPLE = join(import.meta.dirname, '../../../../test/samples/chromium-call.zip');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-one-pass-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('files and an inspection in one pass · both as they are by themselves', async () => {
  await using recording = await openRecording(SAMPLE);
  const plan = planRecording(recording, { outputs: ['audio', 'video'] });
  const told: Inspection[] = [];
  const made = {
    madeBy: 'test',
    workers: 1,
    onInspection: (inspection: Inspection) => void told.push(inspection),
  };
  const { files } = await runPlan(plan, { ...made, output: join(folder, 'with') });
  const alone = await runPlan(plan, { madeBy: 'test', workers: 1, output: join(folder, 'without') });
  expect(files.map(({ sha256 }) => sha256)).toEqual(alone.files.map(({ sha256 }) => sha256));
  expect(told).toEqual([await inspectRecording(recording, { workers: 1 })]);
});
