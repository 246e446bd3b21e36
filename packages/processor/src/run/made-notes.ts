import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeIntoManifest, readManifest } from '../report/manifest.ts';
import { isComplete, isNamed, type ManifestFile } from '../report/manifest-entry.ts';
import { isWhole } from './finished-outputs.ts';

const NOTE = /^made-\d+\.json$/;

/**
 * Notes what a file will be before it is put in its place: the manifest is written now and then, and a run that is killed before
 * leaves files that nobody would know for its own. Never rejects: a file is whole without it.
 *
 * @param number no two notes of a work folder have the same
 */
export async function noteMade(workFolder: string, number: number, entry: ManifestFile): Promise<void> {
  await writeFile(join(workFolder, `made-${number}.json`), JSON.stringify(entry)).catch(() => undefined);
}

/** Brings into the manifest what a killed run had put in its place and not yet there. Never rejects: those files are then nobody's. */
export async function recoverMade(folder: string, workFolder: string): Promise<void> {
  try {
    const notes = (await readdir(workFolder)).filter((name) => NOTE.test(name));
    const entries = (await Promise.all(notes.map((name) => noteIn(join(workFolder, name))))).flat();
    const known = new Map((await readManifest(folder)).map((entry) => [entry.path, entry]));
    const lost = entries.filter((entry) => {
      const before = known.get(entry.path);
      const path = join(folder, entry.path);
      // One that is not whole was cut by what killed the run: it is ours, and is made again.
      return before === undefined ? existsSync(path) : before.sha256 !== entry.sha256 && isWhole(path, entry);
    });
    if (lost.length > 0) await mergeIntoManifest(folder, workFolder, lost);
  } catch {
    // The run that found them will say what is wrong with the folder.
  }
}

/** None where it was not written to its end, or is none of ours. */
async function noteIn(path: string): Promise<ManifestFile[]> {
  try {
    const entry: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isNamed(entry) && isComplete({ fingerprint: '', ...entry }) ? [entry] : [];
  } catch {
    return [];
  }
}
