import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { diskFull } from '../disk-full.ts';
import { ProcessorError } from '../processor-error.ts';
import { checkFolder, NoDiskError } from './check-folder.ts';
import { recoverMade } from './made-notes.ts';

const PREFIX = '.rawreel-';

/** A folder inside the output folder for what is not finished; gone when disposed of, whatever happened. */
export interface WorkFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes the output folder where it is missing, and in it a folder for temporary files: on the same file system, so that
 * a finished file is renamed into place. Folders that a killed run of this machine left behind are removed; what it had put in its
 * place comes into the manifest.
 *
 * @throws {ProcessorError} ERR_OUTPUT_UNWRITABLE, ERR_DISK_FULL
 */
export async function openWorkFolder(output: string): Promise<WorkFolder> {
  try {
    const isNew = await makeFolder(output);
    await access(output, constants.W_OK);
    await removeLeftovers(output);
    const path = join(output, `${PREFIX}${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`);
    await mkdir(path, { mode: 0o700 });
    await checkFolder(path).catch(async (error) => {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
      if (isNew) await rmdir(output).catch(() => undefined);
      throw error;
    });
    return {
      path,
      async [Symbol.asyncDispose]() {
        await rm(path, { recursive: true, force: true });
        if (isNew) await rmdir(output).catch(() => undefined);
      },
    };
  } catch (cause) {
    const full = diskFull(cause, output);
    if (full !== undefined) throw full;
    throw new ProcessorError(
      'ERR_OUTPUT_UNWRITABLE',
      `cannot write into ${output}: ${whyNot(cause as NodeJS.ErrnoException)}`,
      {
        hint:
          cause instanceof NoDiskError
            ? 'Is it a bucket that is mounted as a folder? Then write to the bucket itself: --output s3://bucket/prefix.'
            : 'Choose a folder that you may write to, with --output.',
        cause,
      },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'it, or what should be a folder above it, is a file',
  EACCES: 'this user may not',
  EROFS: 'its file system is read-only',
};

const whyNot = ({ code = '', message }: NodeJS.ErrnoException): string => REASONS[code] ?? message;

/**
 * Makes a folder and those above it, one at a time: Node's own recursive mkdir never returns where the system denies a
 * folder with ENOENT, as /proc does.
 *
 * @returns false when it was there.
 */
async function makeFolder(path: string): Promise<boolean> {
  const code = await mkdir(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (code === undefined) return true;
  if (code === 'EEXIST') return false;
  if (code === 'ENOENT' && dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path);
  return true;
}

async function removeLeftovers(output: string): Promise<void> {
  const mine = `${PREFIX}${hostname()}-`;
  for (const name of await readdir(output)) {
    if (!name.startsWith(mine)) continue;
    const pid = Number(name.slice(mine.length).split('-')[0]);
    if (!Number.isInteger(pid) || pid <= 0 || isRunning(pid)) continue;
    await recoverMade(output, join(output, name));
    // Somebody else's cannot be removed, and is in nobody's way.
    await rm(join(output, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
