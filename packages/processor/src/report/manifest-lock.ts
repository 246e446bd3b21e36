import { lstat, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { ProcessorError } from '../processor-error.ts';

/** Whoever holds the lock says so every five seconds. */
const STALE_MS = 10_000;

const NAME = '.manifest.lock';

/**
 * Takes the lock under which a folder's manifest is changed, a folder that whoever holds it keeps young. One that was left
 * behind is removed.
 *
 * @returns what gives it back.
 * @throws {ProcessorError} ERR_MANIFEST_LOCKED
 */
export async function lockManifest(folder: string): Promise<() => Promise<void>> {
  await checkManifestLock(folder);
  try {
    return await lockfile.lock(folder, {
      lockfilePath: join(folder, NAME),
      realpath: false,
      stale: STALE_MS,
      retries: { retries: 40, minTimeout: 25, maxTimeout: 500 },
      // Somebody else took it for stale: the manifest is renamed into place whole, by whichever is the later.
      onCompromised: () => undefined,
    });
  } catch (cause) {
    throw locked(folder, (cause as Error).message, cause);
  }
}

/**
 * Finds out at once what could never be locked: waiting for it would cost a run its manifest at the end.
 *
 * @throws {ProcessorError} ERR_MANIFEST_LOCKED
 */
export async function checkManifestLock(folder: string): Promise<void> {
  const path = join(folder, NAME);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) throw locked(folder, 'it is no folder, and so no lock of this program');
  const ageMs = Date.now() - found.mtimeMs;
  // The time of a lock is set by who holds it; one far in the future would never grow old.
  if (Math.abs(ageMs) <= STALE_MS) return;
  try {
    await rmdir(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw locked(folder, `it was left behind and cannot be removed: ${(cause as Error).message}`, cause);
  }
}

/**
 * Waits for whoever changes the manifest now. A lock that a killed run has left young is removed when it has grown old.
 *
 * @throws {ProcessorError} ERR_MANIFEST_LOCKED
 */
export async function awaitManifestLock(folder: string): Promise<void> {
  if ((await lstat(join(folder, NAME)).catch(() => undefined)) === undefined) return;
  const release = await lockManifest(folder);
  await release();
}

const locked = (folder: string, why: string, cause?: unknown): ProcessorError =>
  new ProcessorError('ERR_MANIFEST_LOCKED', `${join(folder, NAME)} keeps the manifest locked: ${why}`, {
    hint: 'Remove it if no other run writes into that folder, or choose another output folder.',
    cause,
  });
