import { constants, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes, jsonText, printable } from '@rawreel/text';
import { ProcessorError } from '../processor-error.ts';
import { isNamed, type ManifestFile } from './manifest-entry.ts';

import { lockManifest } from './manifest-lock.ts';

export const MANIFEST_NAME = 'manifest.json';

/** Far above the manifest of any call; it is held in memory several times over. */
const MOST_BYTES = 64 * 2 ** 20;

export interface Manifest {
  readonly version: 1;
  /** Sorted by path; one entry for each file. */
  readonly files: readonly ManifestFile[];
}

/**
 * Adds files to the folder's manifest, in place of entries of the same path. Several runs may write into one folder at
 * the same time: each takes the lock, reads, merges and renames the new manifest into place.
 *
 * @throws {ProcessorError} ERR_MANIFEST_LOCKED; ERR_MANIFEST_UNREADABLE when what is there is not a manifest of ours.
 */
export async function mergeIntoManifest(
  folder: string,
  workFolder: string,
  files: readonly ManifestFile[],
): Promise<void> {
  const path = join(folder, MANIFEST_NAME);
  const release = await lockManifest(folder);
  try {
    const known = await readManifest(folder);
    const temporary = join(workFolder, MANIFEST_NAME);
    await writeFile(temporary, mergedManifest(known, files));
    await rename(temporary, path);
  } finally {
    await release();
  }
}

/** The text of a manifest of both; what was made takes the place of known entries of the same path. */
export function mergedManifest(known: readonly ManifestFile[], made: readonly ManifestFile[]): string {
  const paths = new Set(made.map((file) => file.path));
  const files = [...known.filter((file) => !paths.has(file.path)), ...made];
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return jsonText({ version: 1, files } satisfies Manifest);
}

/**
 * The files of a folder's manifest; none where there is no manifest. A link, a pipe or a device of that name is not opened.
 *
 * @throws {ProcessorError} ERR_MANIFEST_UNREADABLE
 */
export async function readManifest(folder: string): Promise<readonly ManifestFile[]> {
  const path = join(folder, MANIFEST_NAME);
  let text: string;
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile()) throw unreadable(path, 'it is no file');
    if (found.size > MOST_BYTES) throw unreadable(path, `it has ${formatBytes(found.size)}`);
    text = await file.readFile('utf8');
  } catch (error) {
    if (error instanceof ProcessorError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw unreadable(path, code === 'ELOOP' ? 'it is a link' : message, error);
  }
  return parseManifest(text, path);
}

/**
 * The files of a manifest.
 *
 * @param path what the error calls it
 * @throws {ProcessorError} ERR_MANIFEST_UNREADABLE
 */
export function parseManifest(text: string, path: string): readonly ManifestFile[] {
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<Manifest> | null;
  } catch (error) {
    throw unreadable(path, (error as Error).message, error);
  }
  if (manifest?.version !== 1 || !Array.isArray(manifest.files))
    throw unreadable(path, 'it has no version 1 and list of files');
  if (!manifest.files.every(isNamed)) throw unreadable(path, 'not all of its files have a path');
  return manifest.files;
}

const unreadable = (path: string, why: string, cause?: unknown): ProcessorError =>
  new ProcessorError(
    'ERR_MANIFEST_UNREADABLE',
    `${path} cannot be updated by this version: ${printable(why)}`,
    { hint: 'Move it away, or choose another output folder. The file was not changed.', cause },
  );
