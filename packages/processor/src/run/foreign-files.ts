import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { printable } from '@rawreel/text';
import { fileKey } from '../plan/file-names.ts';
import type { Plan, PlannedOutput } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';

/** Of one call, recordings whose zeros are farther apart are two; nearer, one that was read again after damage or an update. */
const ONE_RECORDING_MS = 1000;

/** Whose files are made. */
export interface OwnRecording {
  readonly call: Plan['call'];
  readonly zeroUnixMs: number;
  /** As `RunOptions` has it. */
  readonly filesAt?: string | undefined;
}

/** The outputs in whose place a file lies that is not this recording's, each with its ERR_OUTPUT_EXISTS. */
export function foreignFiles(
  outputs: readonly PlannedOutput[],
  folder: string,
  known: readonly ManifestFile[],
  own: OwnRecording,
): ReadonlyMap<PlannedOutput, ProcessorError> {
  const foreign = new Map<PlannedOutput, ProcessorError>();
  const made = new Map(known.map((entry) => [fileKey(entry.path), entry]));
  for (const output of outputs) {
    const error = foreignFile(output.file, folder, made, own, TO_DO);
    if (error !== undefined) foreign.set(output, error);
  }
  return foreign;
}

const TO_DO = (entry: ManifestFile | undefined): string =>
  entry === undefined
    ? 'Move it away, choose another --output or --name, or replace it with --overwrite.'
    : 'Choose another --output, or names that tell recordings apart, as --name recorded does; or replace it with --overwrite.';

/**
 * ERR_OUTPUT_EXISTS where a file lies in a file's place that is not this recording's: somebody's own, as no run has made it as far
 * as the folder's manifest knows, or one of another recording.
 *
 * @param made entries of the manifest by `fileKey`
 * @param toDo what the hint advises where a file is nobody's, or that of an entry
 */
export function foreignFile(
  file: string,
  folder: string,
  made: ReadonlyMap<string, ManifestFile>,
  { call, zeroUnixMs, filesAt }: OwnRecording,
  toDo: (entry: ManifestFile | undefined) => string,
): ProcessorError | undefined {
  const entry = made.get(fileKey(file));
  const isOwn =
    entry !== undefined &&
    isDeepStrictEqual(entry.call, call) &&
    Math.abs(Date.parse(entry.recordingStartsAt) - zeroUnixMs) <= ONE_RECORDING_MS;
  if (isOwn) return undefined;
  const path = filesAt === undefined ? join(folder, file) : `${filesAt}/${file}`;
  const isThere =
    filesAt === undefined ? lstatSync(path, { throwIfNoEntry: false }) !== undefined : entry !== undefined;
  if (!isThere) return undefined;
  const hint = `It was not touched. ${toDo(entry)}`;
  return new ProcessorError('ERR_OUTPUT_EXISTS', `${printable(path)} is there already, and ${whose(entry)}`, {
    hint,
  });
}

const whose = (entry: ManifestFile | undefined): string =>
  entry === undefined
    ? 'the manifest does not name it'
    : `is of another recording: ${printable(`${entry.call.type}:${entry.call.id}`)}, begun at ${printable(entry.recordingStartsAt)}`;
