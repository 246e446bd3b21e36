import { statfs } from 'node:fs/promises';
import { formatBytes, printable } from '@rawreel/text';
import { StorageError } from '../errors.ts';

/** What went wrong with the files of the cache, as it is told. */
export function cacheFailure(folder: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new StorageError('ERR_NO_SPACE', `${shown(folder)} has no room for what is downloaded`, {
      hint: 'Free some, or choose a cache folder on another disk.',
      cause: error,
    });
  }
  return new StorageError(
    'ERR_CACHE_UNUSABLE',
    `${shown(folder)} cannot be used as cache: ${printable(code ?? message)}`,
    { hint: 'Check that it is a folder that this user may write to, or choose another one.', cause: error },
  );
}

/** Runs work on files of the cache. @throws {StorageError} ERR_NO_SPACE, ERR_CACHE_UNUSABLE */
export async function inCache<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw cacheFailure(folder, error);
  }
}

/** Bytes that the disk has left for this user. @throws {StorageError} ERR_CACHE_UNUSABLE */
export async function roomIn(folder: string): Promise<number> {
  const { bavail, bsize } = await inCache(folder, () => statfs(folder));
  return bavail * bsize;
}

export function noRoom(folder: string, needed: number, room: number): StorageError {
  return new StorageError(
    'ERR_NO_SPACE',
    `${formatBytes(needed)} are to be downloaded, but ${shown(folder)} has room for ${formatBytes(room)} only`,
    { hint: 'Free some, or choose a cache folder on another disk.' },
  );
}

/** People know the cache by its folder, not by those in it. */
function shown(folder: string): string {
  return printable(folder.replace(/[/\\][0-9a-f]{64}-[^/\\]*$/, ''));
}
