import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, stopIfAborted } from '../errors.ts';
import type { ProblemList } from '../problem-list.ts';
import { shown } from '../shown.ts';
import { inputError } from '../source/file-source.ts';
import { type Contents, EntryCollector, type Limits, type Refusal } from './contents.ts';
import { readEntryFully } from './read-fully.ts';

/** An extracted archive is three or four folders deep. */
const DEEPEST = 32;

/** @throws ArchiveError ERR_INPUT_UNREADABLE where the folder itself cannot be listed. */
export async function readFolder(
  root: string,
  limits: Limits,
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<Contents> {
  const collector = new EntryCollector(limits, problems);
  const waiting: { folder: string; depth: number }[] = [{ folder: '', depth: 0 }];
  let byteLength = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    stopIfAborted(signal);
    const { folder, depth } = next;
    const children = await list(root, folder, problems);
    for (const child of children) {
      if (collector.countOne() === 'too many') {
        waiting.length = 0;
        break;
      }
      const rawName = folder === '' ? child.name : `${folder}/${child.name}`;
      if (!child.isDirectory()) {
        byteLength += await addFile(collector, root, rawName, child);
      } else if (collector.admitName(rawName)) {
        if (depth < DEEPEST) waiting.push({ folder: rawName, depth: depth + 1 });
        else tooDeep(rawName, problems);
      }
    }
  }
  return {
    kind: 'folder',
    byteLength,
    entries: await collector.finish((entry) => entry.name),
    readSmall: (entry) => readEntryFully(entry.location, undefined, signal),
  };
}

async function list(root: string, folder: string, problems: ProblemList): Promise<Dirent[]> {
  try {
    const children = await readdir(join(root, folder), { withFileTypes: true });
    return children.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (folder === '') throw inputError(root, error);
    problems.add({
      code: 'ENTRY_DAMAGED',
      severity: 'damage',
      message: `Folder ${shown(folder)} cannot be listed: ${shown(reasonOf(error))}`,
      entry: shown(folder),
    });
    return [];
  }
}

async function addFile(
  collector: EntryCollector,
  root: string,
  rawName: string,
  child: Dirent,
): Promise<number> {
  const path = join(root, rawName);
  const { size, refusal } = await look(path, child);
  collector.add({
    rawName,
    size,
    location: { container: 'file', path, name: rawName, size },
    refusal,
  });
  return size;
}

async function look(path: string, child: Dirent): Promise<{ size: number; refusal?: Refusal }> {
  const link: Refusal = { code: 'ENTRY_LINK', reason: 'is a link or device, no file' };
  if (!child.isFile()) return { size: 0, refusal: link };
  try {
    const stat = await lstat(path);
    return stat.isFile() ? { size: stat.size } : { size: 0, refusal: link };
  } catch (error) {
    return { size: 0, refusal: { code: 'ENTRY_DAMAGED', reason: `cannot be read (${reasonOf(error)})` } };
  }
}

function tooDeep(name: string, problems: ProblemList): void {
  problems.add({
    code: 'ENTRIES_TOO_MANY',
    severity: 'damage',
    message: `Folder ${shown(name)} lies more than ${DEEPEST} folders deep: it is ignored`,
    entry: shown(name),
  });
}
