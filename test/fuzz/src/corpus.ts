import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOM = join(import.meta.dirname, '..');
export const FINDINGS = join(ROOM, 'findings');

export function readCorpus(target: string): { readonly name: string; readonly input: Uint8Array }[] {
  const folder = join(ROOM, 'corpus', target);
  if (!existsSync(folder)) return [];
  // A plain array, as readers are given it: views on node's Buffer are Buffers.
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, input: Uint8Array.from(readFileSync(join(folder, name))) }));
}

/** The name follows from the bytes, so the same input is kept once. */
export function writeInput(folder: string, name: string, input: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const digest = createHash('sha256').update(input).digest('hex').slice(0, 12);
  const path = join(folder, `${name}-${digest}`);
  writeFileSync(path, input);
  return path;
}

export function corpusFolder(target: string): string {
  return join(ROOM, 'corpus', target);
}
