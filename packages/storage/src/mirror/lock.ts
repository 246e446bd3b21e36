import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';

/** A run that was killed is waited for so long. */
const STALE_MS = 2000;
/** Longer: what a busy run still reads must not be taken away from under it. */
const MARK_STALE_MS = 10_000;
const MARK_SUFFIX = '.user';

export interface Lock {
  release(): Promise<void>;
}

/**
 * The lock of that name, or undefined while somebody else has it.
 *
 * A process that was stopped for longer than it takes to count as dead loses its lock without knowing. Nothing here
 * becomes wrong by that: locks save work that would be done twice.
 */
export function tryLock(path: string): Promise<Lock | undefined> {
  return lock(path, STALE_MS);
}

/** Marks a folder as in use for as long as this process lives. */
export async function markUse(folder: string, name: string): Promise<Lock> {
  const mark = await lock(join(folder, `${name}${MARK_SUFFIX}`), MARK_STALE_MS);
  if (mark === undefined) throw new Error(`${name} marks it twice`);
  return mark;
}

/** @param names of what is in the folder */
export async function isInUse(folder: string, names: readonly string[]): Promise<boolean> {
  for (const mark of marksIn(folder, names)) if (await isAlive(mark)) return true;
  return false;
}

/** Processes that were killed leave their marks. @param names of what is in the folder */
export async function removeDeadMarks(folder: string, names: readonly string[]): Promise<void> {
  for (const mark of marksIn(folder, names)) {
    if (!(await isAlive(mark))) await rm(`${mark}.lock`, { recursive: true, force: true });
  }
}

function marksIn(folder: string, names: readonly string[]): string[] {
  const marks = names.filter((name) => name.endsWith(`${MARK_SUFFIX}.lock`));
  return marks.map((name) => join(folder, name.slice(0, -'.lock'.length)));
}

const isAlive = (mark: string): Promise<boolean> =>
  lockfile.check(mark, { realpath: false, stale: MARK_STALE_MS });

async function lock(path: string, stale: number): Promise<Lock | undefined> {
  try {
    const release = await lockfile.lock(path, { realpath: false, stale, onCompromised: () => {} });
    // Where it was taken over, whoever did so releases it.
    return { release: () => release().catch(() => {}) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}
