import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlanRequest, planRecording, type RunOptions, runPlan } from '../../src/index.ts';

let folder: string;
let archive: string;
let another: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-existing-'));
  archive = join(folder, 'call.zip');
  const users = ['alice', 'bob'].map((id) => ({
    id,
    sessions: [{ tracks: [{ kind: 'audio' as const, segments: [{ startMs: 0, durationMs: 500 }] }] }],
  }));
  await (await generateCall({ seed: 3, users })).writeArchive(archive);
  another = join(folder, 'another.zip');
  await (await generateCall({ seed: 3, users, callId: 'another' })).writeArchive(another);
});
afterAll(() => rm(folder, { recursive: true }));

const newFolder = () => join(folder, `${++count}`);

async function run(
  output: string,
  options: Partial<RunOptions> = {},
  request: Partial<PlanRequest> = {},
  path = archive,
) {
  await using recording = await openRecording(path);
  const plan = planRecording(recording, { outputs: ['audio'], name: 'short', ...request });
  return await runPlan(plan, { output, madeBy: 'test', ...options });
}

describe('a file that no run has made', () => {
  test('is not touched where that is asked for; the others are made', async () => {
    const output = newFolder();
    await run(output, {}, { userId: 'bob' });
    await rm(join(output, 'manifest.json'));
    const before = await stat(join(output, 'bob-audio.mkv'));
    const { failures, files } = await run(output, { overwrite: false });
    expect(files.map(({ path }) => path)).toEqual(['alice-audio.mkv']);
    expect(failures).toMatchObject([
      { path: 'bob-audio.mkv', code: 'ERR_OUTPUT_EXISTS', hint: expect.stringContaining('--overwrite') },
    ]);
    expect((await stat(join(output, 'bob-audio.mkv'))).ino).toBe(before.ino);
  });

  test('is replaced otherwise', async () => {
    const output = newFolder();
    await run(output);
    await rm(join(output, 'manifest.json'));
    await writeFile(join(output, 'bob-audio.mkv'), 'mine');
    expect((await run(output)).failures).toEqual([]);
    expect(await readFile(join(output, 'bob-audio.mkv'), 'utf8')).not.toBe('mine');
  });

  test('one of our own is replaced all the same', async () => {
    const output = newFolder();
    await run(output);
    const { failures, files } = await run(output, { overwrite: false });
    expect([failures, files.length]).toEqual([[], 2]);
    expect((await readdir(output)).sort()).toEqual(['alice-audio.mkv', 'bob-audio.mkv', 'manifest.json']);
  });
});

test('a file of another call · is not touched either, though a run has made it', async () => {
  const output = newFolder();
  await run(output, {}, {}, another);
  const before = await stat(join(output, 'bob-audio.mkv'));
  const { failures, files } = await run(output, { overwrite: false, resume: 'keep' });
  expect(files).toEqual([]);
  expect(failures.map(({ code }) => code)).toEqual(['ERR_OUTPUT_EXISTS', 'ERR_OUTPUT_EXISTS']);
  expect(failures[0]?.message).toMatch(/is of another recording: default:another, begun at 20/);
  expect((await stat(join(output, 'bob-audio.mkv'))).ino).toBe(before.ino);
  expect((await run(output, { overwrite: true })).failures).toEqual([]);
});

describe('files of an earlier run', () => {
  test('are kept, also where that run did not know that it would be gone on with', async () => {
    const output = newFolder();
    await run(output);
    await rm(join(output, 'bob-audio.mkv'));
    const { alreadyMade, files } = await run(output, { resume: 'keep' });
    expect(alreadyMade).toEqual(['alice-audio.mkv']);
    expect(files).toHaveLength(2);
  });

  test('that were made in another way are made again', async () => {
    const output = newFolder();
    await run(output);
    expect((await run(output, { resume: 'keep' }, { align: 'recording' })).alreadyMade).toEqual([]);
  });
});

test('a film whose logo was drawn anew · is made again; what does not show it is kept', async () => {
  const output = newFolder();
  const logo = join(folder, 'logo.svg');
  const drawn = (colour: string) =>
    writeFile(
      logo,
      `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="${colour}"/></svg>`,
    );
  const request = {
    outputs: ['composite'] as const,
    composite: {
      size: { width: 64, height: 64 },
      names: { bob: { avatar: join(folder, 'none.png') } },
      logo,
    },
  };
  const film = expect.stringMatching(/^all-composite_/);
  await drawn('red');
  const first = await run(output, { resume: 'anew' }, request);
  const kept = await run(output, { resume: 'keep' }, request);
  expect(kept.alreadyMade).toEqual([film, expect.anything(), expect.anything()]);
  // What it lacks is told of a film that is kept, too.
  expect(kept.problems).toEqual(first.problems);
  expect(kept.problems).toMatchObject([
    { code: 'NOT_DRAWN', message: expect.stringMatching('there is no such file') },
  ]);
  await drawn('lime');
  const again = await run(output, { resume: 'keep' }, request);
  expect(again.alreadyMade).toHaveLength(2);
  expect(again.alreadyMade).not.toContainEqual(film);
});

test('what a killed run had made and not yet named in the manifest · is known for its own', async () => {
  const output = newFolder();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const left = join(output, `.rawreel-${hostname()}-${dead}-00`);
  await run(output, {
    onProgress: ({ type }) => {
      if (type !== 'output-finished') return;
      const work =
        readdirSync(output).find((name) => name.startsWith(`.rawreel-${hostname()}-${process.pid}`)) ?? '';
      cpSync(join(output, work), left, { recursive: true });
    },
  });
  await rm(join(output, 'manifest.json'));
  // Its last file was cut by what killed the machine.
  await writeFile(join(output, 'bob-audio.mkv'), 'cut');
  const before = await stat(join(output, 'alice-audio.mkv'));
  const { alreadyMade, failures } = await run(output, { resume: 'keep', overwrite: false });
  expect(alreadyMade).toEqual(['alice-audio.mkv']);
  expect([failures, (await stat(join(output, 'bob-audio.mkv'))).size > 1000]).toEqual([[], true]);
  expect((await stat(join(output, 'alice-audio.mkv'))).ino).toBe(before.ino);
  expect((await readdir(output)).sort()).toEqual(['alice-audio.mkv', 'bob-audio.mkv', 'manifest.json']);
});
