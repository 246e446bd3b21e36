import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Plan, type PlanRequest, planRecording, type RunOptions, runPlan } from '../../src/index.ts';

let folder: string;
let archive: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-before-'));
  archive = join(folder, 'call.zip');
  const tracks = [{ kind: 'audio', segments: [{ startMs: 0, durationMs: 500 }] }] as const;
  const users = ['alice', 'bob'].map((id) => ({ id, sessions: [{ tracks }] }));
  await (await generateCall({ seed: 3, users })).writeArchive(archive);
});
afterAll(() => rm(folder, { recursive: true }));

async function run(
  request: PlanRequest,
  options: Omit<RunOptions, 'output'> = {},
  changed: (plan: Plan) => Plan = (plan) => plan,
) {
  const output = join(folder, 'out');
  const events: string[] = [];
  const onProgress: RunOptions['onProgress'] = ({ type }) => events.push(type);
  await using recording = await openRecording(archive);
  const plan = changed(planRecording(recording, { name: 'short', ...request }));
  const report = await runPlan(plan, { output, madeBy: 'test', ...options, onProgress }).catch(
    (error: unknown) => ({ error }),
  );
  const left = await readdir(output).catch(() => []);
  await rm(output, { recursive: true, force: true });
  return { report, events, left };
}

/** No disk has room for this. */
const enormous = (plan: Plan): Plan => ({
  ...plan,
  tracks: plan.tracks.map((track) => ({
    ...track,
    segments: track.segments.map(({ dump, ...segment }) => ({
      ...segment,
      ...(dump === undefined ? {} : { dump: { ...dump, size: 2 ** 60 } }),
    })),
  })),
});

test('a disk without room for all that is planned · is an error before anything is read or made', async () => {
  const { report, events, left } = await run({ outputs: ['audio'] }, {}, enormous);
  expect(report).toMatchObject({
    error: { code: 'ERR_DISK_FULL', message: expect.stringContaining('the files will need about') },
  });
  expect([events, left]).toEqual([[], []]);
});

test('an encoder that ffmpeg lacks · fails what needs it before anything is read; the rest is made', async () => {
  const small = join(folder, 'ffmpeg');
  await writeFile(small, "#!/bin/sh\necho 'ffmpeg version 7.1' >&2\necho ' A....D aac  AAC'\n");
  await chmod(small, 0o755);
  const request: PlanRequest = { outputs: ['audio', 'mix'], mix: { format: 'mp3' } };
  const { report, events, left } = await run(request, { ffmpegPath: small });
  expect(report).toMatchObject({ failures: [{ kind: 'mix', code: 'ERR_NO_FFMPEG' }] });
  expect(events.slice(0, 2)).toEqual(['output-failed', 'scan-started']);
  expect(left.sort()).toEqual(['alice-audio.mkv', 'bob-audio.mkv', 'manifest.json']);
});
