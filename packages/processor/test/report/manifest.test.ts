import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ManifestFile, mergeIntoManifest, readManifest } from '../../src/report/manifest.ts';
import { openWorkFolder } from '../../src/run/work-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-manifest-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (path: string, byteLength = 1) => ({ path, byteLength }) as ManifestFile;

async function merge(files: ManifestFile[]) {
  await using work = await openWorkFolder(folder);
  await mergeIntoManifest(folder, work.path, files);
}

describe('manifest', () => {
  test('runs into one folder add up, sorted; a file made again replaces its entry', async () => {
    await merge([file('b.mkv', 1), file('a.mkv', 2)]);
    await merge([file('c.mkv', 3), file('b.mkv', 4)]);
    expect((await readManifest(folder)).map(({ path, byteLength }) => [path, byteLength])).toEqual([
      ['a.mkv', 2],
      ['b.mkv', 4],
      ['c.mkv', 3],
    ]);
    expect(await readdir(folder)).toEqual(['manifest.json']);
  });

  test('ten runs at the same time lose nothing', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => merge([file(`${index}.mkv`)])));
    expect(await readManifest(folder)).toHaveLength(10);
  });

  test.each(['{', 'null', '[]', '{"version":2,"files":[]}', '{"version":1}'])(
    '%s is not added to and not changed',
    async (text) => {
      await writeFile(join(folder, 'manifest.json'), text);
      await expect(merge([file('a.mkv')])).rejects.toMatchObject({ code: 'ERR_MANIFEST_UNREADABLE' });
      expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe(text);
    },
  );
});
