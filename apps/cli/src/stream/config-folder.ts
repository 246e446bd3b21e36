import { isAbsolute, join } from 'node:path';

/**
 * Undefined where this user has none: a process without HOME whose user id is in no list of users, as in containers. One that is
 * relative would be the working folder's, and so somebody else's.
 */
export async function userConfigFolder(): Promise<string | undefined> {
  const folder = await ownFolder();
  return isAbsolute(folder) ? folder : undefined;
}

async function ownFolder(): Promise<string> {
  try {
    // It looks for the home folder when it is loaded, and throws where there is none.
    const { default: envPaths } = await import('env-paths');
    return envPaths('rawreel', { suffix: '' }).config;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
    const { XDG_CONFIG_HOME = '' } = process.env;
    return XDG_CONFIG_HOME && join(XDG_CONFIG_HOME, 'rawreel');
  }
}
