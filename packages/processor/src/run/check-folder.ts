import { open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder that takes files, but does not do with them what a disk does. */
export class NoDiskError extends Error {}

/** What buckets answer that are mounted as folders (s3fs, mountpoint-s3, gcsfuse), where a disk does as it is told. */
const NOT_A_DISK: ReadonlySet<unknown> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EIO',
  'ENOSYS',
  'EINVAL',
  'EBADF',
]);

/** What outputs need of a file system, for a test to refuse it. */
export interface FolderOperations {
  readonly write: (path: string) => Promise<void>;
  /** Changes bytes in the middle of a file. */
  readonly overwrite: (path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
}

const DISK: FolderOperations = {
  write: (path) => writeFile(path, 'checked'),
  async overwrite(path) {
    await using file = await open(path, 'r+');
    await file.write(Buffer.from('C'), 0, 1, 0);
  },
  rename,
};

/**
 * Tries once, before any work, what is done with each output: sizes are set in files that are written, and finished files
 * are renamed into place.
 *
 * @throws {NoDiskError} where the folder is none of a disk; what the system says of anything else
 */
export async function checkFolder(folder: string, does: FolderOperations = DISK): Promise<void> {
  const [before, after] = [join(folder, 'check'), join(folder, 'checked')];
  await does.write(before);
  try {
    await does.overwrite(before);
    await does.rename(before, after);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (!NOT_A_DISK.has(code)) throw cause;
    throw new NoDiskError(`files there cannot be changed or renamed: ${message}`, { cause });
  } finally {
    for (const path of [before, after]) await rm(path, { force: true }).catch(() => undefined);
  }
}
