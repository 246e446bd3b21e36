import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonText } from '@rawreel/text';
import lockfile from 'proper-lockfile';
import type { Plan } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { ReportedFile } from './report.ts';
import type { TrackProblem } from './track-problem.ts';

export const MANIFEST_NAME = 'manifest.json';

/** One output in the manifest: all that the report says of it, and where it came from. */
export type ManifestFile = ReportedFile & {
  readonly source: string;
  readonly call: Plan['call'];
  /** The recording's zero, RFC 3339. */
  readonly recordingStartsAt: string;
  readonly madeBy: string;
  /** What it was made from and how, as a digest: only a run that may be resumed says it. */
  readonly fingerprint?: string;
  /** Of the tracks in it. */
  readonly problems: readonly TrackProblem[];
};

export interface Manifest {
  readonly version: 1;
  /** Sorted by path; one entry for each file. */
  readonly files: readonly ManifestFile[];
}

/**
 * Adds files to the folder's manifest, in place of entries of the same path. Several runs may write into one folder at
 * the same time: each takes the lock, reads, merges and renames the new manifest into place.
 *
 * @throws {ProcessorError} ERR_MANIFEST_UNREADABLE when what is there is not a manifest of ours.
 */
export async function mergeIntoManifest(
  folder: string,
  workFolder: string,
  files: readonly ManifestFile[],
): Promise<void> {
  const path = join(folder, MANIFEST_NAME);
  const release = await lockfile.lock(folder, {
    lockfilePath: join(folder, '.manifest.lock'),
    realpath: false,
    stale: 10_000,
    retries: { retries: 40, minTimeout: 25, maxTimeout: 500 },
  });
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
 * The files of a folder's manifest; none where there is no manifest.
 *
 * @throws {ProcessorError} ERR_MANIFEST_UNREADABLE
 */
export async function readManifest(folder: string): Promise<readonly ManifestFile[]> {
  const path = join(folder, MANIFEST_NAME);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(path, error);
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
  try {
    const manifest = JSON.parse(text) as Partial<Manifest> | null;
    if (manifest?.version === 1 && Array.isArray(manifest.files)) return manifest.files;
  } catch (error) {
    throw unreadable(path, error);
  }
  throw unreadable(path, undefined);
}

const unreadable = (path: string, cause: unknown): ProcessorError =>
  new ProcessorError('ERR_MANIFEST_UNREADABLE', `${path} is not a manifest that this version can add to`, {
    hint: 'Move it away, or choose another output folder: nothing of it was changed.',
    cause,
  });
