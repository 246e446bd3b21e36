import { mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readManifest } from '../../src/report/manifest.ts';
import type { ManifestFile } from '../../src/report/manifest-entry.ts';
import { Reserve } from '../../src/run/disk-room.ts';
import { ManifestKeeper } from '../../src/run/manifest-keeper.ts';

let folder: string;
let work: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-keeper-'));
  work = join(folder, 'work');
  await mkdir(work);
});
afterEach(() => rm(folder, { recursive: true }));

const file = (path: string) => ({ path }) as ManifestFile;

test('files that could not be named at first are named with those that come later', async () => {
  const keeper = new ManifestKeeper(folder, work, new Reserve(work, folder, 2));
  const inTheWay = join(work, 'manifest.json');
  await mkdir(inTheWay);
  await keeper.add(file('a.mkv'));
  expect(await readManifest(folder)).toEqual([]);
  await rmdir(inTheWay);
  await keeper.add(file('b.mkv'));
  expect(await keeper.flushLast()).toBeUndefined();
  expect((await readManifest(folder)).map(({ path }) => path)).toEqual(['a.mkv', 'b.mkv']);
});

test('at last the reserve is given up, and what goes wrong then is told', async () => {
  const keeper = new ManifestKeeper(folder, work, new Reserve(work, folder, 2));
  await mkdir(join(work, 'manifest.json'));
  await keeper.add(file('a.mkv'));
  expect(await keeper.flushLast()).toMatchObject({ code: 'EISDIR' });
  expect(await readdir(work)).toEqual(['manifest.json']);
});
