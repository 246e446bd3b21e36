import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export interface FileSystem {
  /** The same for two folders of one file system. */
  readonly device: number;
  readonly freeBytes: number;
}

/** The file system that a folder is on, or would be. */
export async function fileSystemOf(folder: string): Promise<FileSystem> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      const [{ dev }, { bavail, bsize }] = await Promise.all([stat(at), statfs(at)]);
      return { device: dev, freeBytes: bavail * bsize };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(at) === at) throw error;
    }
  }
}
