import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Recording } from '@rawreel/archive';
import { fileKey } from '../plan/file-names.ts';
import type { Plan } from '../plan/plan.ts';
import { planTracks } from '../plan/plan-tracks.ts';
import { mergeIntoManifest, readManifest } from '../report/manifest.ts';
import type { ManifestFile } from '../report/manifest-entry.ts';
import type { ManifestedInspection, ManifestedScrub } from '../report/report.ts';
import type { TrackProblem } from '../track-problem.ts';
import { sha256Of } from '../write/sha256.ts';
import { earliestDumpStart } from './earliest-dump-start.ts';
import { Fingerprints, isFinished } from './finished-outputs.ts';
import { foreignFile } from './foreign-files.ts';
import type { ReadOptions } from './inspect-lines.ts';
import { openWorkFolder } from './work-folder.ts';

/** A file of a recording under a name of somebody's choice. */
export type NamedFile = Pick<ManifestedInspection | ManifestedScrub, 'kind' | 'format'> & {
  /** Of the file; the manifest is that of its folder. */
  readonly path: string;
  /** How it is made, as JSON has it, where there are several ways. */
  readonly way?: unknown;
};

const TO_DO: Readonly<Record<NamedFile['kind'], string>> = {
  inspection: 'Name another file, or replace it without --skip-existing.',
  scrubbed: 'Name another file, or replace it with --overwrite.',
};

/** Files that are made of a recording beside runs, under the rules that runs have for theirs: what is there and would be the same is kept. */
export class NamedFiles {
  readonly #plan: Plan;
  readonly #zeroUnixMs: number;
  readonly #endMs: number;
  readonly #madeBy: string;
  readonly #fingerprints: Fingerprints;

  private constructor(
    plan: Plan,
    [zeroUnixMs, endMs]: readonly [number, number],
    madeBy: string,
    fingerprints: Fingerprints,
  ) {
    this.#plan = plan;
    this.#zeroUnixMs = zeroUnixMs;
    this.#endMs = endMs;
    this.#madeBy = madeBy;
    this.#fingerprints = fingerprints;
  }

  /**
   * @param options which tracks the files are of; dumps are read where no directory knows their content
   * @throws {ProcessorError} as `inspectRecording`
   */
  static async of(
    recording: Recording,
    options: ReadOptions & { readonly madeBy: string },
  ): Promise<NamedFiles> {
    const plan = planTracks(recording, options);
    const zeroUnixMs = plan.zeroUnixMs ?? (await earliestDumpStart(plan, options));
    const endMs = recording.tracks.reduce((end, { endsAtMs = end }) => Math.max(end, endsAtMs), zeroUnixMs);
    return new NamedFiles(plan, [zeroUnixMs, endMs], options.madeBy, await Fingerprints.of(plan, options));
  }

  /**
   * What the manifest says of a file that is there, whole, and would become the same.
   *
   * @throws {ProcessorError} ERR_MANIFEST_UNREADABLE; ERR_OUTPUT_EXISTS where what is there is not this recording's
   */
  async madeBefore(file: NamedFile, overwrite: boolean): Promise<ManifestFile | undefined> {
    const [folder, name] = [dirname(file.path), basename(file.path)];
    const known = new Map((await readManifest(folder)).map((entry) => [fileKey(entry.path), entry]));
    const entry = known.get(fileKey(name));
    if (entry && isFinished(entry, file.kind, this.#fingerprintOf(file), folder)) return entry;
    const own = { call: this.#plan.call, zeroUnixMs: this.#zeroUnixMs };
    const error = overwrite ? undefined : foreignFile(name, folder, known, own, () => TO_DO[file.kind]);
    if (error !== undefined) throw error;
    return undefined;
  }

  /**
   * Brings a finished file into the manifest of its folder.
   *
   * @throws {ProcessorError} as `mergeIntoManifest`
   */
  async add(file: NamedFile, problems: readonly TrackProblem[]): Promise<void> {
    const folder = dirname(file.path);
    const startsAt = new Date(this.#zeroUnixMs).toISOString();
    const entry = {
      kind: file.kind,
      format: file.format,
      path: basename(file.path),
      startsAt,
      offsetMs: 0,
      durationMs: this.#endMs - this.#zeroUnixMs,
      byteLength: lstatSync(file.path).size,
      sha256: sha256Of(file.path),
      source: this.#plan.source,
      call: this.#plan.call,
      recordingStartsAt: startsAt,
      madeBy: this.#madeBy,
      fingerprint: this.#fingerprintOf(file),
      problems,
    } as ManifestFile;
    await using work = await openWorkFolder(folder);
    await mergeIntoManifest(folder, work.path, [entry]);
  }

  #fingerprintOf({ path, ...file }: NamedFile): string {
    return this.#fingerprints.of({ ...file, file: basename(path) });
  }
}
