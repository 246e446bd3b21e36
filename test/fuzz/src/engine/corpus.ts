import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface CorpusEntry {
  /** File name: `ok-…` must bring something out of its reader, `odd-…` and `found-…` need only be survived. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A target's committed inputs, by name. */
export async function readCorpus(folder: string): Promise<CorpusEntry[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: await readBytes(join(folder, name)) })));
}

/** Bytes in a buffer of their own: small files come from one that Node shares among them. */
export async function readBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path));
}
