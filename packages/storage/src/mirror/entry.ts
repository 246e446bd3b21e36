import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { printable } from '@rawreel/text';
import { StorageError } from '../errors.ts';
import type { Identity } from '../transfer/answer.ts';
import { bootId } from './boot-id.ts';
import { cacheFailure, inCache } from './cache-failure.ts';
import { isInUse, type Lock, markUse, removeDeadMarks, tryLock } from './lock.ts';
import { RECORD_NAME } from './mirror.ts';
import { readRecord } from './presence-record.ts';
import { RangeSet } from './range-set.ts';

/** Whatever else is in the folder of the cache is not ours to list or to remove. */
const ENTRY_NAME = /^([0-9a-f]{64})-(?:[0-9a-f]{16}|private-[0-9a-f-]{36})$/;
const OPENING_LOCK_NAME = /^([0-9a-f]{64})[.]opening[.]lock$/;
const META_NAME = 'meta.json';
const LOCK_POLL_MS = 50;

interface Meta extends Identity {
  readonly version: 1;
  readonly description: string;
}

/** One version of one object: a folder of its own, so that a changed object never meets the bytes of the old one. */
export interface Entry {
  readonly folder: string;
  /** Removes what nobody needs: a private entry, and one that is empty. */
  leave(): Promise<void>;
}

export interface EntryFacts {
  readonly folder: string;
  readonly key: string;
  readonly isPrivate: boolean;
  readonly isInUse: boolean;
  /** Undefined where a crash left it unfinished. */
  readonly meta: Meta | undefined;
  readonly present: number;
  readonly lastUsedMs: number;
}

/**
 * Runs work while nobody else opens, evicts or clears an object of that key.
 *
 * @throws {StorageError} ERR_CACHE_UNUSABLE, ERR_NO_SPACE
 */
export async function withOpeningLock<T>(
  cacheFolder: string,
  key: string,
  waiting: { readonly signal: AbortSignal; readonly onWaiting: () => void; readonly onAbort: () => Error },
  work: () => Promise<T>,
): Promise<T> {
  await inCache(cacheFolder, () => mkdir(cacheFolder, { recursive: true, mode: 0o700 }));
  let lock: Lock | undefined;
  for (let tries = 0; lock === undefined; tries += 1) {
    if (waiting.signal.aborted) throw waiting.onAbort();
    if (tries === 1) waiting.onWaiting();
    if (tries > 0) await delay(LOCK_POLL_MS);
    lock = await inCache(cacheFolder, () => tryOpeningLock(cacheFolder, key));
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

export function tryOpeningLock(cacheFolder: string, key: string): Promise<Lock | undefined> {
  return tryLock(join(cacheFolder, `${key}.opening`));
}

/** The version of an object that was used last, if any is there. */
export async function findEntry(cacheFolder: string, key: string): Promise<Identity | undefined> {
  const entries = await readEntries(cacheFolder, key);
  const known = entries.filter(({ isPrivate, meta }) => !isPrivate && meta !== undefined);
  return known.sort((a, b) => b.lastUsedMs - a.lastUsedMs)[0]?.meta;
}

/** To be called with the opening lock. Versions of the object that are over go, where nobody uses them. */
export async function enterEntry(
  cacheFolder: string,
  key: string,
  description: string,
  identity: Identity | 'private',
): Promise<Entry> {
  const user = randomUUID();
  const name = `${key}-${identity === 'private' ? `private-${user}` : digestOf(identity)}`;
  const folder = join(cacheFolder, name);
  return inCache(folder, async () => {
    await makePrivateFolder(folder);
    const mark = await markUse(folder, user);
    try {
      if (identity !== 'private') {
        await removeDeadMarks(folder, await namesIn(folder));
        await writeMeta(folder, { version: 1, description, ...identity });
        const others = await readEntries(cacheFolder, key);
        for (const other of others) if (other.folder !== folder) await removeEntry(other);
      }
    } catch (error) {
      await mark.release();
      throw error;
    }
    return {
      folder,
      leave: () => inCache(folder, () => leave(cacheFolder, key, folder, mark, identity === 'private')),
    };
  });
}

/** @param key only entries of that object */
export async function readEntries(cacheFolder: string, key?: string): Promise<EntryFacts[]> {
  const names = await namesIn(cacheFolder);
  const entries: EntryFacts[] = [];
  for (const name of names) {
    const found = ENTRY_NAME.exec(name)?.[1];
    if (found === undefined || (key !== undefined && found !== key)) continue;
    entries.push(await readEntry(join(cacheFolder, name), found, name.includes('-private-')));
  }
  return entries;
}

/** Keys whose opening was interrupted, or is going on. */
export async function keysBeingOpened(cacheFolder: string): Promise<string[]> {
  const names = await namesIn(cacheFolder);
  return names.flatMap((name) => OPENING_LOCK_NAME.exec(name)?.[1] ?? []);
}

/** To be called with the opening lock. @returns whether it was not in use, and is gone */
export async function removeEntry({ folder }: EntryFacts): Promise<boolean> {
  if (await isInUse(folder, await namesIn(folder))) return false;
  await rm(folder, { recursive: true, force: true });
  return true;
}

async function readEntry(folder: string, key: string, isPrivate: boolean): Promise<EntryFacts> {
  const names = await namesIn(folder);
  const present = new RangeSet(await readRecord(join(folder, RECORD_NAME), await bootId()));
  const { meta, lastUsedMs } = await readMeta(folder);
  return {
    folder,
    key,
    isPrivate,
    isInUse: await isInUse(folder, names),
    meta,
    present: present.byteLength,
    lastUsedMs,
  };
}

async function leave(cacheFolder: string, key: string, folder: string, mark: Lock, isPrivate: boolean) {
  if (isPrivate) {
    await mark.release();
    await rm(folder, { recursive: true, force: true });
    return;
  }
  const now = new Date();
  await utimes(join(folder, META_NAME), now, now);
  await mark.release();
  if ((await readRecord(join(folder, RECORD_NAME), await bootId())).length > 0) return;
  const lock = await tryOpeningLock(cacheFolder, key);
  // Whoever has the lock uses the entry, or removes it.
  if (lock === undefined) return;
  try {
    await removeEntry(await readEntry(folder, key, isPrivate));
  } finally {
    await lock.release();
  }
}

/** One that somebody else made could be filled with what they like. */
async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid } = await stat(folder);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new StorageError('ERR_CACHE_UNUSABLE', `${printable(folder)} belongs to another user`, {
      hint: 'Choose a cache folder of your own.',
    });
  }
}

async function writeMeta(folder: string, meta: Meta): Promise<void> {
  const path = join(folder, META_NAME);
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, `${JSON.stringify(meta, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

async function readMeta(folder: string): Promise<{ meta: Meta | undefined; lastUsedMs: number }> {
  const path = join(folder, META_NAME);
  try {
    const { mtimeMs } = await stat(path);
    const meta = JSON.parse(await readFile(path, 'utf8')) as Meta;
    return { meta: meta.version === 1 ? meta : undefined, lastUsedMs: mtimeMs };
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return { meta: undefined, lastUsedMs: 0 };
    throw cacheFailure(folder, error);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw cacheFailure(folder, error);
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

function digestOf({ byteLength, etag, lastModified }: Identity): string {
  return createHash('sha256')
    .update(JSON.stringify([byteLength, etag ?? lastModified]))
    .digest('hex')
    .slice(0, 16);
}
