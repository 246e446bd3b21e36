import { CliError } from '../failure/errors.ts';

/**
 * Where the system wants a program's cache; nothing in it is missed when it goes.
 *
 * @throws CliError ERR_NO_CACHE_FOLDER
 */
export async function userCacheFolder(): Promise<string> {
  try {
    // It looks for the home folder when it is loaded, and throws where there is none.
    const { default: envPaths } = await import('env-paths');
    return envPaths('rawreel', { suffix: '' }).cache;
  } catch (cause) {
    throw new CliError('this user has no home folder, and so no folder for a cache', {
      code: 'ERR_NO_CACHE_FOLDER',
      hints: ['Name one with --cache-dir, or set HOME.'],
      cause,
    });
  }
}
