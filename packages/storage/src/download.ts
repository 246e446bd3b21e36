import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openRemoteObject } from './open-remote-object.ts';
import type { RemoteObjectOptions } from './remote-object.ts';

/**
 * Writes an object into a file: all of it or nothing, and a file that was there before is replaced only by all of it. What came
 * before a download was broken off is in the cache, and is not fetched again.
 *
 * @returns its length in bytes, and how many of them had to be moved over the network
 * @throws {StorageError} as {@link openRemoteObject}; what the system says about the file is thrown as it is
 */
export async function downloadFile(
  address: string,
  path: string,
  options: RemoteObjectOptions,
): Promise<{ readonly byteLength: number; readonly transferred: number }> {
  const unfinished = `${path}.${randomUUID()}.part`;
  const object = await openRemoteObject(address, options);
  try {
    await object.ensure(0, object.byteLength);
    await mkdir(dirname(path), { recursive: true });
    // Disks that can share blocks need no room for a second copy.
    await copyFile(object.path, unfinished, constants.COPYFILE_FICLONE);
    await rename(unfinished, path);
    return { byteLength: object.byteLength, transferred: object.transferred };
  } finally {
    await rm(unfinished, { force: true });
    await object.close();
  }
}
