import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A bare name as the file that the system would run. */
export async function whereIs(command: string, searchPath = ''): Promise<string> {
  if (basename(command) !== command) return command;
  for (const folder of searchPath.split(delimiter)) {
    const candidate = join(folder, command);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this one.
    }
  }
  return command;
}

/**
 * Whether files in a folder are hidden from an ffmpeg that is a snap: snapd's AppArmor interface `home` shows files of the home
 * folder, but for what begins with a dot in it, and for snap/.
 */
export async function isHiddenFromSnap(
  folder: string,
  ffmpeg: string,
  home: string | undefined,
): Promise<boolean> {
  const program = await real(ffmpeg);
  if (![ffmpeg, program].some((path) => path.startsWith('/snap/')) && program !== SNAP) return false;
  if (!home) return true;
  const [first = ''] = relative(await real(home), await real(folder)).split(sep);
  // In the home folder itself, unfinished files would lie in a folder that begins with a dot.
  return first === '' || first.startsWith('.') || first === 'snap' || isAbsolute(first);
}

/** What /snap/bin/ffmpeg is a link to, and others may be. */
const SNAP = '/usr/bin/snap';

/** As it is where nothing is there yet. */
const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** @param platform as `process.platform` has it */
export function howToInstallFfmpeg(platform: string): string {
  if (platform === 'darwin') return 'To install: brew install ffmpeg';
  if (platform === 'win32') return 'To install: winget install ffmpeg';
  return 'On Debian or Ubuntu: apt-get install ffmpeg';
}
