import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '@rawreel/text';
import { fileKey } from '../plan/file-names.ts';
import type { PlannedOutput } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';

/**
 * The outputs in whose place a file lies that no run has made, as far as the folder's manifest knows: somebody's own, each
 * with its ERR_OUTPUT_EXISTS.
 */
export function foreignFiles(
  outputs: readonly PlannedOutput[],
  folder: string,
  known: readonly ManifestFile[],
): ReadonlyMap<PlannedOutput, ProcessorError> {
  const made = new Set(known.map(({ path }) => fileKey(path)));
  const foreign = new Map<PlannedOutput, ProcessorError>();
  for (const output of outputs) {
    if (made.has(fileKey(output.file))) continue;
    const path = join(folder, output.file);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
    const message = `${printable(path)} is there already, and the manifest does not name it`;
    foreign.set(
      output,
      new ProcessorError('ERR_OUTPUT_EXISTS', message, {
        hint: 'It was not touched. Move it away, choose another --output or --name, or replace it with --overwrite.',
      }),
    );
  }
  return foreign;
}
