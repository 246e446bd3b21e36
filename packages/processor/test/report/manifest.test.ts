import { execFileSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mergeIntoManifest, readManifest } from '../../src/report/manifest.ts';
import type { ManifestFile } from '../../src/report/manifest-entry.ts';
import { isComplete } from '../../src/report/manifest-entry.ts';
import { checkManifestLock } from '../../src/report/manifest-lock.ts';
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

  test.each([
    '{',
    'null',
    '[]',
    '[null]',
    '{"version":2,"files":[]}',
    '{"version":1}',
    '{"version":1,"files":[null]}',
    '{"version":1,"files":[{"path":"a.mkv"},{"path":7}]}',
  ])('%s is not added to and not changed', async (text) => {
    await writeFile(join(folder, 'manifest.json'), text);
    await expect(merge([file('a.mkv')])).rejects.toMatchObject({ code: 'ERR_MANIFEST_UNREADABLE' });
    expect(await readFile(join(folder, 'manifest.json'), 'utf8')).toBe(text);
  });

  test('a pipe, a link, a folder or gigabytes of that name · are not opened, and said at once', async () => {
    const path = join(folder, 'manifest.json');
    const elsewhere = join(folder, 'elsewhere.json');
    await writeFile(elsewhere, '{"version":1,"files":[]}');
    const prepare = [
      () => execFileSync('mkfifo', [path]),
      () => symlink(elsewhere, path),
      () => mkdir(path),
      async () => {
        await writeFile(path, '');
        await truncate(path, 2 ** 32);
      },
    ];
    for (const make of prepare) {
      await make();
      await expect(readManifest(folder)).rejects.toMatchObject({ code: 'ERR_MANIFEST_UNREADABLE' });
      await rm(path, { recursive: true });
    }
    expect(await readFile(elsewhere, 'utf8')).toBe('{"version":1,"files":[]}');
  });
});

describe('the lock of a manifest', () => {
  const lock = () => join(folder, '.manifest.lock');
  const hour = 3_600_000;

  test.each([-hour, hour])('left behind, set %i ms from now · is removed', async (byMs) => {
    await mkdir(lock());
    const at = new Date(Date.now() + byMs);
    await utimes(lock(), at, at);
    await merge([file('a.mkv')]);
    expect(await readManifest(folder)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['manifest.json']);
  });

  test('no lock of ours, but a file, a pipe, a link or a full folder · is said at once and left alone', async () => {
    const old = new Date(Date.now() - hour);
    const prepare = [
      () => writeFile(lock(), ''),
      () => execFileSync('mkfifo', [lock()]),
      () => symlink('/nonexistent', lock()),
      async () => {
        await mkdir(join(lock(), 'within'), { recursive: true });
        await utimes(lock(), old, old);
      },
    ];
    for (const make of prepare) {
      await make();
      await expect(checkManifestLock(folder)).rejects.toMatchObject({ code: 'ERR_MANIFEST_LOCKED' });
      await expect(merge([file('a.mkv')])).rejects.toMatchObject({ code: 'ERR_MANIFEST_LOCKED' });
      expect(await readdir(folder)).toEqual(['.manifest.lock']);
      await rm(lock(), { recursive: true });
    }
  });
});

describe('an entry of a manifest', () => {
  const track = {
    ...{ userId: 'u', sessionId: 's', trackId: 't', trackType: 'TRACK_TYPE_AUDIO', codec: 'opus' },
    ...{ frames: 1, segments: 1, clock: {}, gaps: [] },
    packets: { received: 1, lost: 0, late: 0, duplicate: 0, reordered: 0, recovered: 0 },
  };
  const entry = {
    ...track,
    ...{ kind: 'audio', path: 'a.mkv', startsAt: '', sha256: '', fingerprint: '', problems: [] },
    ...{ offsetMs: 0, durationMs: 1, byteLength: 1 },
  } as unknown as ManifestFile;

  test('with all that this version says · can be told again', () => {
    expect(isComplete(entry)).toBe(true);
    expect(
      isComplete({
        ...entry,
        kind: 'muxed',
        tracks: [{ ...track, kind: 'audio' }],
      } as unknown as ManifestFile),
    ).toBe(true);
  });

  test.each([
    { kind: 'constructor' },
    { kind: 'muxed' },
    { kind: 'mix', tracks: [null] },
    { durationMs: null },
    { problems: [null] },
    { problems: null },
    { gaps: [{}] },
    { packets: [] },
    { userId: 7 },
  ])('with %j · is not taken for a finished file', (odd) => {
    expect(isComplete({ ...entry, ...odd } as unknown as ManifestFile)).toBe(false);
  });
});
