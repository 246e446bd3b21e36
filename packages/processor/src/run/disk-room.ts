import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes, printable } from '@rawreel/text';
import { filmBytesPerSecond } from '../composite/encoder.ts';
import { diskFull, MORE_ROOM } from '../disk-full.ts';
import { dumpBytesOfAll } from '../jobs/job.ts';
import { bytesPerSecondOf } from '../mix/encodings.ts';
import { COMPOSITE_FORMAT_TABLE } from '../plan/composite-formats.ts';
import { type Plan, type PlannedOutput, type PlannedTrack, tracksOf } from '../plan/plan.ts';
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
 * What outputs will take, about. One of frames: as much as its dumps, for what a file adds to frames is less than what a
 * dump does. One that is encoded: what its encoder makes of the time between its tracks' first and last packets.
 */
export const bytesNeeded = ({ tracks }: Plan, outputs: readonly PlannedOutput[]): number =>
  outputs.reduce((sum, output) => {
    const own = tracksOf(output).flatMap((number) => tracks[number] ?? []);
    // A stem lasts as long as the call, whoever's it is.
    return sum + bytesOf(output, output.kind === 'stem' ? tracks : own);
  }, 0);

function bytesOf(output: PlannedOutput, tracks: readonly PlannedTrack[]): number {
  switch (output.kind) {
    case 'audio':
    case 'video':
      return dumpBytesOfAll(tracks);
    case 'muxed':
      // An MP4 is made of a file that lies beside it.
      return (output.container === 'mp4' ? 2 : 1) * dumpBytesOfAll(tracks);
    case 'mix': {
      const channels = output.layout === 'per-user' ? usersIn(tracks) : output.layout === 'mono' ? 1 : 2;
      return secondsOf(tracks) * bytesPerSecondOf({ ...output, channels });
    }
    case 'voice':
      return secondsOf(tracks) * VOICE_BYTES_PER_SECOND;
    case 'stem':
      return secondsOf(tracks) * bytesPerSecondOf({ format: output.format, channels: 2 });
    case 'proxy':
    case 'composite': {
      const sound = bytesPerSecondOf({ format: COMPOSITE_FORMAT_TABLE[output.format].sound, channels: 2 });
      // It is joined of chunks and sound that lie beside it.
      const pictures = filmBytesPerSecond(output.look) * (output.format === 'mov' ? PRORES_SHARE : 1);
      return secondsOf(tracks) * 2 * (pictures + sound);
    }
    case 'turns':
    case 'captions':
    case 'chapters':
    case 'scenes':
    case 'timeline':
      return 0;
    default:
      return output satisfies never;
  }
}

/** Of ProRes Proxy, whose every picture stands alone: 0.8 bits a pixel. */
const PRORES_SHARE = 10;

/** 16 bit at 16 kHz, of which FLAC leaves two thirds of speech without pauses. */
const VOICE_BYTES_PER_SECOND = 20_000;

const usersIn = (tracks: readonly PlannedTrack[]): number => new Set(tracks.map(({ userId }) => userId)).size;

/** From the first packet of all to the last, as the metadata tells. */
function secondsOf(tracks: readonly PlannedTrack[]): number {
  const timings = tracks.flatMap(({ segments }) => segments.map(({ timing }) => timing));
  const starts = timings.flatMap(({ firstRtpUnixMs }) => firstRtpUnixMs ?? []);
  const ends = timings.flatMap(({ lastRtpUnixMs }) => lastRtpUnixMs ?? []);
  const [first, last] = [Math.min(...starts), Math.max(...ends)];
  return last > first ? (last - first) / 1000 : 0;
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
