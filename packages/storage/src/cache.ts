import { inCache } from './mirror/cache-failure.ts';
import {
  type EntryFacts,
  keysBeingOpened,
  readEntries,
  removeEntry,
  tryOpeningLock,
} from './mirror/entry.ts';

export interface CachedObject {
  /** `s3://bucket/key`, or scheme, host and path of a URL. */
  readonly description: string;
  /** Of the object. */
  readonly byteLength: number;
  /** Bytes of it that are here. */
  readonly present: number;
  readonly lastUsedMs: number;
  /** By a living process. */
  readonly inUse: boolean;
}

/** What is kept, last used first; nothing where there is no such folder. @throws {StorageError} ERR_CACHE_UNUSABLE */
export async function listCache(cacheFolder: string): Promise<readonly CachedObject[]> {
  const entries = await inCache(cacheFolder, () => readEntries(cacheFolder));
  return entries
    .flatMap(({ isPrivate, meta, present, lastUsedMs, isInUse }) =>
      isPrivate || meta === undefined
        ? []
        : [
            {
              description: meta.description,
              byteLength: meta.byteLength,
              present,
              lastUsedMs,
              inUse: isInUse,
            },
          ],
    )
    .sort((a, b) => b.lastUsedMs - a.lastUsedMs);
}

/**
 * Removes what no living process uses.
 *
 * @returns how many objects went, and how many bytes of them were here
 * @throws {StorageError} ERR_CACHE_UNUSABLE
 */
export async function clearCache(
  cacheFolder: string,
): Promise<{ readonly objects: number; readonly bytes: number }> {
  return inCache(cacheFolder, async () => {
    let objects = 0;
    let bytes = 0;
    for (const entry of await readEntries(cacheFolder)) {
      if (!(await tryRemove(cacheFolder, entry))) continue;
      objects += 1;
      bytes += entry.present;
    }
    await removeLeftLocks(cacheFolder);
    return { objects, bytes };
  });
}

/**
 * Removes objects that were not used for so long, then those used longest ago until the rest is small enough. Leftovers
 * of runs that crashed go first; what a living process uses stays, and counts.
 *
 * @throws {StorageError} ERR_CACHE_UNUSABLE
 */
export async function evictCache(
  cacheFolder: string,
  limits: { readonly maxBytes: number; readonly maxAgeMs: number },
): Promise<void> {
  await inCache(cacheFolder, async () => {
    const entries = await readEntries(cacheFolder);
    entries.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    const oldest = Date.now() - limits.maxAgeMs;
    let bytes = entries.reduce((sum, { present }) => sum + present, 0);
    for (const entry of entries) {
      const isOver = entry.isPrivate || entry.meta === undefined || entry.lastUsedMs < oldest;
      if (!isOver && bytes <= limits.maxBytes) continue;
      if (await tryRemove(cacheFolder, entry)) bytes -= entry.present;
    }
    await removeLeftLocks(cacheFolder);
  });
}

async function tryRemove(cacheFolder: string, entry: EntryFacts): Promise<boolean> {
  const lock = await tryOpeningLock(cacheFolder, entry.key);
  if (lock === undefined) return false;
  try {
    return await removeEntry(entry);
  } finally {
    await lock.release();
  }
}

/** Taking the lock of a dead process and releasing it removes it. */
async function removeLeftLocks(cacheFolder: string): Promise<void> {
  for (const key of await keysBeingOpened(cacheFolder)) {
    const lock = await tryOpeningLock(cacheFolder, key);
    await lock?.release();
  }
}
