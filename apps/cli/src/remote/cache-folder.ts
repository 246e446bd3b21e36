import { access, constants, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { CliError } from '../failure/errors.ts';

/**
 * Where the system wants a program's cache; nothing in it is missed when it goes. Undefined where this user has none: a process
 * without HOME whose user id is in no list of users, as in containers. One that is relative would be the working folder's.
 */
export async function userCacheFolder(): Promise<string | undefined> {
  const folder = await ownFolder();
  return isAbsolute(folder) ? folder : undefined;
}

async function ownFolder(): Promise<string> {
  try {
    // It looks for the home folder when it is loaded, and throws where there is none.
    const { default: envPaths } = await import('env-paths');
    return envPaths('rawreel', { suffix: '' }).cache;
  } catch {
    const { XDG_CACHE_HOME = '' } = process.env;
    return XDG_CACHE_HOME && join(XDG_CACHE_HOME, 'rawreel');
  }
}

/** @throws CliError where this user has none */
export async function neededCacheFolder(): Promise<string> {
  const folder = await userCacheFolder();
  if (folder !== undefined) return folder;
  throw new CliError('no cache folder: this user has no home folder', {
    code: 'ERR_NO_CACHE_FOLDER',
    hints: ['Select one with --cache-dir, or set HOME. Recordings can be read without one.'],
  });
}

/** As userCacheFolder; undefined, too, where it cannot be written to. */
export async function writableCacheFolder(): Promise<string | undefined> {
  const folder = await userCacheFolder();
  return folder !== undefined && (await isWritable(folder)) ? folder : undefined;
}

/** Whether files can be made in a folder, or the folder itself where it is not there yet. */
async function isWritable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK | constants.X_OK);
      return (await stat(at)).isDirectory();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(at) === at) return false;
    }
  }
}
