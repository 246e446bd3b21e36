import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes, printable } from '@rawreel/text';
import { diskFull, MORE_ROOM } from '../disk-full.ts';
import { dumpBytesOf } from '../jobs/job.ts';
import { type Plan, type PlannedOutput, tracksOf } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import { MANIFEST_NAME } from '../report/manifest.ts';
import type { TrackProblem } from '../track-problem.ts';

/** Bytes that an unprivileged user can still write there; undefined where the file system does not count. */
export type RoomIn = (folder: string) => Promise<number | undefined>;

export const roomIn: RoomIn = async (folder) => {
  const found = await statfs(folder).catch(() => undefined);
  return found === undefined || found.blocks === 0 ? undefined : found.bavail * found.bsize;
};

/**
 * What outputs will take, about: as much as the dumps that they are made of, for what a file adds to frames is less than
 * what a dump does. Mixes are not counted, whose length is not known yet.
 */
export function bytesNeeded({ tracks }: Plan, outputs: readonly PlannedOutput[]): number {
  const bytesOf = (number: number) => {
    const track = tracks[number];
    return track === undefined ? 0 : dumpBytesOf(track);
  };
  return outputs.reduce((sum, output) => {
    if (output.kind !== 'audio' && output.kind !== 'video' && output.kind !== 'muxed') return sum;
    const bytes = tracksOf(output).reduce((own, number) => own + bytesOf(number), 0);
    // An MP4 is made of a file that lies beside it.
    return sum + (output.kind === 'muxed' && output.container === 'mp4' ? 2 * bytes : bytes);
  }, 0);
}

/**
 * Looks at the disk before anything is made.
 *
 * @returns what is to be told where it may get tight.
 * @throws {ProcessorError} ERR_DISK_FULL where there is less than half of what will be needed
 */
export async function checkRoom(
  folder: string,
  needed: number,
  room: RoomIn = roomIn,
): Promise<readonly TrackProblem[]> {
  const left = await room(folder);
  if (left === undefined || left >= needed) return [];
  const message = `the files will need about ${formatBytes(needed)}, and the disk of ${printable(folder)} has ${formatBytes(left)} left`;
  if (left < needed / 2) throw new ProcessorError('ERR_DISK_FULL', message, { hint: MORE_ROOM });
  return [{ code: 'DISK_NEARLY_FULL', severity: 'notice', message }];
}

/** Of a manifest: what an entry with some gaps takes, and what one without any files does. */
const BYTES_PER_ENTRY = 4096;
const LEAST_BYTES = 64 * 1024;

/** A file that keeps room on the disk for the manifest, until the manifest needs it. */
export class Reserve {
  readonly #path: string;

  /** @throws {ProcessorError} ERR_DISK_FULL */
  constructor(workFolder: string, folder: string, files: number) {
    this.#path = join(workFolder, 'reserve');
    const known = statSync(join(folder, MANIFEST_NAME), { throwIfNoEntry: false })?.size ?? 0;
    try {
      // Random, as a file system may keep no room for noughts.
      writeFileSync(this.#path, randomBytes(LEAST_BYTES + BYTES_PER_ENTRY * files + known));
    } catch (error) {
      throw diskFull(error, folder) ?? error;
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}
