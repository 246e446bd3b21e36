import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEEPEST_FOLDER } from '../bounds.ts';
import { reasonOf, stopIfAborted } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import type { ProblemList } from '../problem-list.ts';
import { identityOf, inputError } from '../source/file-source.ts';
import { type Contents, EntryCollector, type FoundEntry, type Limits, type Refusal } from './contents.ts';
import { HeldFolder } from './held-folder.ts';
import { readEntryFully } from './read-fully.ts';

/** @throws ArchiveError ERR_INPUT_UNREADABLE where the folder itself cannot be listed. */
export async function readFolder(
  root: string,
  limits: Limits,
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<Contents> {
  const listing = new FolderListing(root, limits, problems, signal);
  try {
    await listing.list(await HeldFolder.openRoot(root), '', 0);
  } catch (error) {
    stopIfAborted(signal);
    throw inputError(root, error);
  }
  return {
    kind: 'folder',
    byteLength: listing.byteLength,
    entries: await listing.collector.finish((entry) => entry.name),
    readSmall: (entry) => readEntryFully(entry.location, undefined, signal),
  };
}

/** Goes through a folder and those in it. */
class FolderListing {
  readonly collector: EntryCollector;
  byteLength = 0;
  readonly #root: string;
  readonly #limits: Limits;
  readonly #problems: ProblemList;
  readonly #signal: AbortSignal | undefined;
  #isFull = false;

  constructor(root: string, limits: Limits, problems: ProblemList, signal: AbortSignal | undefined) {
    this.#root = root;
    this.#limits = limits;
    this.#problems = problems;
    this.#signal = signal;
    this.collector = new EntryCollector(limits, problems);
  }

  /** Closes the folder. @throws the system's error where it cannot be listed. */
  async list(folder: HeldFolder, name: string, depth: number): Promise<void> {
    try {
      const children = await this.#childrenOf(folder);
      const files: FoundEntry[] = [];
      const folders: string[] = [];
      for (const child of children) {
        stopIfAborted(this.#signal);
        const rawName = name === '' ? child.name : `${name}/${child.name}`;
        if (this.collector.countOne(rawName) === 'too many') {
          this.#isFull = true;
          break;
        }
        if (!child.isDirectory()) files.push(await this.#file(folder, rawName, child));
        else if (this.collector.admitName(rawName)) folders.push(child.name);
      }
      if (!(await folder.isStillThere())) throw new Error('another folder has taken its place');
      for (const file of files) {
        this.byteLength += file.size;
        this.collector.add(file);
      }
      for (const child of folders) {
        if (this.#isFull) return;
        await this.#enter(folder, child, name === '' ? child : `${name}/${child}`, depth + 1);
      }
    } finally {
      await folder.close();
    }
  }

  async #enter(parent: HeldFolder, child: string, name: string, depth: number): Promise<void> {
    if (depth > DEEPEST_FOLDER) {
      this.#problems.add({
        code: 'ENTRIES_TOO_MANY',
        severity: 'damage',
        message: `Folder ${excerpt(name)} lies more than ${DEEPEST_FOLDER} folders deep: it is ignored`,
        entry: excerpt(name),
      });
      return;
    }
    try {
      await this.list(await parent.openChild(child), name, depth);
    } catch (error) {
      stopIfAborted(this.#signal);
      const { code = '' } = error as NodeJS.ErrnoException;
      const isLink = code === 'ELOOP' || code === 'ENOTDIR';
      this.#problems.add({
        code: isLink ? 'ENTRY_LINK' : 'ENTRY_DAMAGED',
        severity: 'damage',
        message: isLink
          ? `Folder ${excerpt(name)} is ignored: it became a link while the recording was opened`
          : `Folder ${excerpt(name)} cannot be listed: ${systemReason(error)}`,
        entry: excerpt(name),
      });
    }
  }

  /** By name; no more than may be listed. */
  async #childrenOf({ place }: HeldFolder): Promise<Dirent[]> {
    const children: Dirent[] = [];
    for await (const child of await opendir(place)) {
      children.push(child);
      if (children.length > this.#limits.maxEntries) break;
    }
    return children.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #file(folder: HeldFolder, rawName: string, child: Dirent): Promise<FoundEntry> {
    const { size, identity, refusal } = await look(folder, child);
    const path = join(this.#root, rawName);
    return {
      rawName,
      size,
      location: { container: 'file', path, name: rawName, size, identity },
      refusal,
    };
  }
}

/** Without the path, which is one of an open folder. */
function systemReason(error: unknown): string {
  return excerpt(reasonOf(error).replace(/, \w+ '.*$/s, ''));
}

interface Look {
  readonly size: number;
  readonly identity?: string | undefined;
  readonly refusal?: Refusal | undefined;
}

async function look(folder: HeldFolder, child: Dirent): Promise<Look> {
  const link: Refusal = { code: 'ENTRY_LINK', reason: 'is a link or device, no file' };
  if (!child.isFile()) return { size: 0, refusal: link };
  try {
    const stats = await folder.look(child.name);
    return stats.isFile()
      ? { size: Number(stats.size), identity: identityOf(stats) }
      : { size: 0, refusal: link };
  } catch (error) {
    const reason = `cannot be read (${systemReason(error)})`;
    return { size: 0, refusal: { code: 'ENTRY_DAMAGED', reason } };
  }
}
