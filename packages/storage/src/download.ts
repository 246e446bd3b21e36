import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openRemoteObject } from './open-remote-object.ts';
import type { RemoteObjectOptions } from './remote-object.ts';

export interface DownloadOptions extends RemoteObjectOptions {
  /** A file of the object's length is left as it is. Default: false. */
  readonly keepExisting?: boolean | undefined;
}

export interface Downloaded {
  readonly byteLength: number;
  /** Bytes that had to be moved over the network. */
  readonly transferred: number;
  /** Whether the file was there already. */
  readonly isKept: boolean;
}

/**
 * Writes an object into a file: all of it or nothing, and a file that was there before is replaced only by all of it. What came
 * before a download was broken off is in the cache, and is not fetched again.
 *
 * @throws {StorageError} as {@link openRemoteObject}; what the system says about the file is thrown as it is
 */
export async function downloadFile(
  address: string,
  path: string,
  { keepExisting = false, ...options }: DownloadOptions,
): Promise<Downloaded> {
  const unfinished = `${path}.${randomUUID()}.part`;
  const object = await openRemoteObject(address, options);
  const { byteLength } = object;
  try {
    if (keepExisting && (await lengthOf(path)) === byteLength)
      return { byteLength, transferred: object.transferred, isKept: true };
    await object.ensure(0, byteLength);
    await mkdir(dirname(path), { recursive: true });
    // Disks that can share blocks need no room for a second copy.
    await copyFile(object.path, unfinished, constants.COPYFILE_FICLONE);
    await rename(unfinished, path);
    return { byteLength, transferred: object.transferred, isKept: false };
  } finally {
    await rm(unfinished, { force: true });
    await object.close();
  }
}

/** Of a file; a link is not followed, as what it leads to may be another tomorrow. */
async function lengthOf(path: string): Promise<number | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
