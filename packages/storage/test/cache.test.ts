import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clearCache, evictCache, listCache, openRemoteObject } from '../src/index.ts';
import { cacheFolder, failure, HASTY, MiB, open, serve, served } from './builders/objects.ts';
import { honest } from './builders/server.ts';

const DAY = 86_400_000;
const ALL = { maxBytes: Number.POSITIVE_INFINITY, maxAgeMs: Number.POSITIVE_INFINITY };

/** Objects a, b, c of 1, 2 and 3 MiB, last used so many days ago. */
async function filled(folder: string): Promise<void> {
  const server = await serve((request, response) => {
    const size = { '/a': 1, '/b': 2, '/c': 3 }[request.url ?? ''] ?? 0;
    honest(served(size * MiB))(request, response);
  });
  for (const [name, days] of [
    ['a', 10],
    ['b', 20],
    ['c', 30],
  ] as const) {
    const { object } = await open(`${server.origin}/${name}`, { cacheFolder: folder });
    await object.ensure(0, object.byteLength);
    await object.close();
    const used = new Date(Date.now() - days * DAY);
    await utimes(join(dirname(object.path), 'meta.json'), used, used);
  }
}

const namesIn = async (folder: string) =>
  (await listCache(folder)).map(({ description }) => description.slice(-1)).join('');

describe('cache', () => {
  test('lists what is kept, last used first, without anything secret', async () => {
    const folder = await cacheFolder();
    const server = await serve(served(3 * MiB));
    const { object } = await open(`${server.origin}/call.zip?sig=secret`, { cacheFolder: folder });
    await object.ensure(MiB, MiB);
    const [listed, ...more] = await listCache(folder);
    expect(more).toEqual([]);
    expect(listed).toMatchObject({
      description: `${server.origin}/call.zip`,
      byteLength: 3 * MiB,
      inUse: true,
    });
    await object.close();
    expect(await listCache(folder)).toMatchObject([{ present: MiB + 64 * 1024, inUse: false }]);
    await filled(folder);
    expect((await namesIn(folder)).slice(1)).toBe('abc');
  });

  test('a folder that is not there is empty, and is not made', async () => {
    const folder = join(await cacheFolder(), 'none');
    expect(await listCache(folder)).toEqual([]);
    expect(await clearCache(folder)).toEqual({ objects: 0, bytes: 0 });
    await evictCache(folder, ALL);
    expect(await readdir(dirname(folder))).toEqual([]);
  });

  test('clearing removes all but what is in use, and what is not its own', async () => {
    const folder = await cacheFolder();
    await filled(folder);
    const server = await serve(served(MiB));
    const { object } = await open(server.origin, { cacheFolder: folder });
    await writeFile(join(folder, 'diary.txt'), '');
    await mkdir(join(folder, 'photos'));
    expect(await clearCache(folder)).toEqual({ objects: 3, bytes: 6 * MiB });
    expect(await listCache(folder)).toHaveLength(1);
    await object.ensure(0, MiB);
    await object.close();
    expect(await clearCache(folder)).toEqual({ objects: 1, bytes: MiB });
    expect((await readdir(folder)).sort()).toEqual(['diary.txt', 'photos']);
  });

  test.each([
    ['nothing over', ALL, 'abc'],
    ['age', { ...ALL, maxAgeMs: 25 * DAY }, 'ab'],
    ['size: the least recently used first', { ...ALL, maxBytes: 5 * MiB }, 'ab'],
    ['size: as many as it takes', { ...ALL, maxBytes: 2 * MiB }, 'a'],
    ['size: none', { ...ALL, maxBytes: 0 }, ''],
  ])('evicts by %s', async (_, limits, left) => {
    const folder = await cacheFolder();
    await filled(folder);
    await evictCache(folder, limits);
    expect(await namesIn(folder)).toBe(left);
  });

  test('evicts nothing that is in use, and lets it be read on', async () => {
    const folder = await cacheFolder();
    const object = served(3 * MiB);
    const server = await serve(object);
    const { object: remote } = await open(server.origin, { cacheFolder: folder });
    await evictCache(folder, { maxBytes: 0, maxAgeMs: 0 });
    expect(Buffer.from(await remote.read(0, 3 * MiB)).equals(object.bytes)).toBe(true);
  });

  test('evicts what runs that crashed have left', async () => {
    const folder = await cacheFolder();
    const key = '0'.repeat(64);
    for (const name of [
      `${key}-private-00000000-0000-0000-0000-000000000000`,
      `${key}-0123456789abcdef`,
      `${key}.opening.lock`,
    ]) {
      await mkdir(join(folder, name));
    }
    const past = new Date(Date.now() - DAY);
    await utimes(join(folder, `${key}.opening.lock`), past, past);
    await evictCache(folder, ALL);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a process that was killed uses nothing any more, and its mark goes', async () => {
    const folder = await cacheFolder();
    const server = await serve(served(MiB));
    const { object } = await open(server.origin, { cacheFolder: folder });
    await object.close();
    const mark = join(dirname(object.path), 'killed.user.lock');
    await mkdir(mark);
    expect(await listCache(folder)).toMatchObject([{ inUse: true }]);
    const past = new Date(Date.now() - 20_000);
    await utimes(mark, past, past);
    expect(await listCache(folder)).toMatchObject([{ inUse: false }]);
    await (await open(server.origin, { cacheFolder: folder })).object.close();
    expect(await readdir(dirname(object.path))).not.toContain('killed.user.lock');
  });

  test('a folder that cannot be one is named', async () => {
    const file = join(await cacheFolder(), 'file');
    await writeFile(file, '');
    const server = await serve(served(MiB));
    for (const cannot of [file, join(file, 'below')]) {
      const error = await failure(openRemoteObject(server.origin, { ...HASTY, cacheFolder: cannot }));
      expect(error.code).toBe('ERR_CACHE_UNUSABLE');
      expect(error.message).toContain(cannot);
    }
    expect((await failure(listCache(file))).code).toBe('ERR_CACHE_UNUSABLE');
  });
});
