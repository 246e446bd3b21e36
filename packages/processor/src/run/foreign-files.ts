import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { printable } from '@rawreel/text';
import { fileKey } from '../plan/file-names.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlannedOutput } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';

/** Of one call, recordings whose zeros are farther apart are two; nearer, one that was read again after damage or an update. */
const ONE_RECORDING_MS = 1000;

/**
 * The outputs in whose place a file lies that is not this recording's: somebody's own, as no run has made it as far as the
 * folder's manifest knows, or one of another recording; each with its ERR_OUTPUT_EXISTS.
 */
export function foreignFiles(
  outputs: readonly PlannedOutput[],
  folder: string,
  known: readonly ManifestFile[],
  { plan: { call }, zeroUnixMs }: Pick<OutputSettings, 'plan' | 'zeroUnixMs'>,
): ReadonlyMap<PlannedOutput, ProcessorError> {
  const made = new Map(known.map((entry) => [fileKey(entry.path), entry]));
  const foreign = new Map<PlannedOutput, ProcessorError>();
  for (const output of outputs) {
    const entry = made.get(fileKey(output.file));
    const isOwn =
      entry !== undefined &&
      isDeepStrictEqual(entry.call, call) &&
      Math.abs(Date.parse(entry.recordingStartsAt) - zeroUnixMs) <= ONE_RECORDING_MS;
    if (isOwn) continue;
    const path = join(folder, output.file);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
    foreign.set(
      output,
      new ProcessorError('ERR_OUTPUT_EXISTS', `${printable(path)} is there already, and ${whose(entry)}`, {
        hint: 'It was not touched. Move it away, choose another --output or --name, or replace it with --overwrite.',
      }),
    );
  }
  return foreign;
}

const whose = (entry: ManifestFile | undefined): string =>
  entry === undefined
    ? 'the manifest does not name it'
    : `is of another recording: ${printable(`${entry.call.type}:${entry.call.id}`)}, begun at ${printable(entry.recordingStartsAt)}`;
