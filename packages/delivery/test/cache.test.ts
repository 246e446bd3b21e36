import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { CACHE_LIMITS, cacheFor, type Doors, openInput, type StorageDoor } from '../src/index.ts';
import { SAMPLE } from './sample.ts';

const storage = (evictCache: StorageDoor['evictCache']): Pick<Doors, 'storage'> => ({
  storage: async () => ({ evictCache }) as StorageDoor,
});
const notNeeded = (): never => {
  throw new Error('loaded for nothing');
};

test('a cache folder · is rid of what is too old or too much, then used', async () => {
  const evicted: unknown[] = [];
  const doors = storage(async (...args) => void evicted.push(args));
  expect(await cacheFor({ cacheFolder: '/cache' }, doors)).toEqual({ cacheFolder: '/cache', keep: true });
  expect(await cacheFor({ cacheFolder: '/cache', keep: false }, doors)).toMatchObject({ keep: false });
  expect(evicted).toEqual([
    ['/cache', CACHE_LIMITS],
    ['/cache', CACHE_LIMITS],
  ]);
  expect(CACHE_LIMITS).toEqual({ maxAgeMs: 1_209_600_000, maxBytes: 53_687_091_200 });
});

test('none · is the temporary folder, which is left as it was', async () => {
  expect(await cacheFor({ keep: true }, { storage: notNeeded })).toEqual({
    cacheFolder: tmpdir(),
    keep: false,
  });
});

test('a recording of this machine · is opened without the package that reads addresses', async () => {
  const archive = () => import('@rawreel/archive');
  await using recording = await openInput({ input: SAMPLE }, {}, { archive, storage: notNeeded });
  expect([recording.tracks.length, recording.transferred]).toEqual([2, undefined]);
});
