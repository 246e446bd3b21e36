import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { artDigest } from '../composite/art/art-digest.ts';
import type { Plan, PlannedOutput } from '../plan/plan.ts';
import { isComplete, type ManifestFile } from '../report/manifest-entry.ts';
import { sha256Of } from '../write/sha256.ts';
import { contentDigests, type DigestOptions } from './content-digests.ts';
import type { RunOptions } from './run-options.ts';

/**
 * What an output is made from and how, as one digest: the content of all dumps of the plan, whose clocks are solved
 * together, all that the plan says of it, the pictures that a film shows, and who makes it. The same digest stands for the same bytes.
 */
export class Fingerprints {
  readonly #made: string;
  /** Of films, by their files. */
  readonly #art: ReadonlyMap<string, string>;

  private constructor(made: string, art: ReadonlyMap<string, string>) {
    this.#made = made;
    this.#art = art;
  }

  static async of(
    plan: Plan,
    {
      madeBy,
      maxOutputBytes,
      ...options
    }: DigestOptions & Pick<RunOptions, 'maxOutputBytes'> & { readonly madeBy: string },
  ): Promise<Fingerprints> {
    const { call, zeroUnixMs, gaps, dtx, align, cut } = plan;
    const tracks = plan.tracks.map((track) => ({
      ...track,
      segments: track.segments.map(({ dump: _dump, ...segment }) => segment),
    }));
    const digests = await contentDigests(plan, options);
    return new Fingerprints(
      sha256Hex(
        JSON.stringify({ madeBy, maxOutputBytes, call, zeroUnixMs, gaps, dtx, align, cut, tracks, digests }),
      ),
      await artDigests(plan),
    );
  }

  /** @param output or whatever says how a file is made */
  of(output: PlannedOutput | { readonly file: string }): string {
    return sha256Hex(this.#made + JSON.stringify(output) + (this.#art.get(output.file) ?? ''));
  }
}

async function artDigests({ outputs }: Plan): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const output of outputs)
    if (output.kind === 'composite') digests.set(output.file, await artDigest(output.look));
  return digests;
}

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The outputs of a plan that a folder holds already, whole: by fingerprint in its manifest, and by their own digests. */
export function finishedOutputs(
  plan: Plan,
  folder: string,
  fingerprints: Fingerprints,
  known: readonly ManifestFile[],
  mustBeVerified: boolean,
): Map<string, ManifestFile> {
  const finished = new Map<string, ManifestFile>();
  const entries = new Map(known.map((entry) => [entry.path, entry]));
  for (const output of plan.outputs) {
    const entry = entries.get(output.file);
    if (entry === undefined || !isFinished(entry, output.kind, fingerprints.of(output), folder)) continue;
    if (mustBeVerified && entry.verified === undefined) continue;
    // Made where there was no ffmpeg: this time there may be one.
    if (entry.problems.some(({ code }) => code === 'FILLER_UNAVAILABLE')) continue;
    finished.set(output.file, entry);
  }
  return finished;
}

/** Whether the file of an entry is what would be made again, and lies there whole. */
export const isFinished = (
  entry: ManifestFile,
  kind: ManifestFile['kind'],
  fingerprint: string,
  folder: string,
): boolean =>
  isComplete(entry) &&
  entry.kind === kind &&
  entry.fingerprint === fingerprint &&
  isWhole(join(folder, entry.path), entry);

/** Whether a file is there with the bytes of its entry. */
export function isWhole(path: string, { byteLength, sha256 }: ManifestFile): boolean {
  // A link is not followed: what it leads to is not in this folder, and may be another tomorrow.
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === byteLength && sha256Of(path) === sha256;
}
