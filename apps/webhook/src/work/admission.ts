import type { Admission, RecordingWithHistory } from '@rawreel/jobs';
import { isAddress } from '@rawreel/storage/address';
import { formatBytes } from '@rawreel/text';
import { archiveSize } from './archive-size.ts';
import { type FileSystem, fileSystemOf } from './free-disk.ts';
import { freeMemory } from './free-memory.ts';

const MIB = 2 ** 20;

/**
 * What a recording takes at its peak, by its size. Measured by `npm run bench` of process-all: 111 MiB of memory for a minute of one
 * person, 263 MiB for 967 MB of six, and 67 MiB of ffmpeg beside it; files of 2.3 times the archive.
 */
const PEAK = {
  memory: { least: 320 * MIB, perByte: 0.1, most: 512 * MIB },
  outputs: { least: 64 * MIB, perByte: 2.5 },
} as const;

/** Bytes of a recording that is worked on; of its archive in the cache, and of its files. */
interface Need {
  readonly memory: number;
  readonly archive: number;
  readonly outputs: number;
}

export function needOf(archive: number): Need {
  const { memory, outputs } = PEAK;
  return {
    memory: Math.min(memory.most, memory.least + memory.perByte * archive),
    archive,
    outputs: outputs.least + outputs.perByte * archive,
  };
}

/** Bytes of the largest recording that there is disk for now; below 0 where there is none for the smallest. */
export async function largestThatFits(output: string, cacheFolder: string): Promise<number> {
  const { least, perByte } = PEAK.outputs;
  const cache = await fileSystemOf(cacheFolder);
  const place = isAddress(output) ? cache : await fileSystemOf(output);
  if (place.device === cache.device) return (cache.freeBytes - least) / (1 + perByte);
  return Math.min(cache.freeBytes, (place.freeBytes - least) / perByte);
}

export interface AdmissionOptions {
  /** Where a recording's files go: a folder, or `s3://bucket/prefix`, whose files are made in the cache. */
  readonly outputOf: (recording: RecordingWithHistory) => string;
  readonly cacheFolder: string;
  readonly freeMemory?: (() => Promise<number>) | undefined;
  readonly fileSystemOf?: ((folder: string) => Promise<FileSystem>) | undefined;
  readonly archiveSize?: ((url: string) => Promise<number | undefined>) | undefined;
}

/**
 * Whether a worker has room for a recording. Those that it has already count with their whole need, as if they had only begun, and as
 * if their files went to the same place. One whose size nobody tells counts as small.
 */
export class Room {
  readonly #options: AdmissionOptions;
  readonly #sizes = new Map<string, number>();
  readonly #running = new Map<string, Need>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  readonly admit = async (recording: RecordingWithHistory): Promise<Admission> => {
    const need = needOf(await this.#sizeOf(recording));
    const running = [...this.#running.values()];
    const wanted = (what: keyof Need) => running.reduce((sum, other) => sum + other[what], need[what]);
    const free = await (this.#options.freeMemory ?? freeMemory)();
    if (wanted('memory') > free) return { why: shortOf('memory', need.memory, free, running.length) };
    const tight = await this.#tightDisk(
      this.#options.outputOf(recording),
      wanted('archive'),
      wanted('outputs'),
    );
    if (tight === undefined) return true;
    return { why: shortOf('disk', need.archive + need.outputs, tight.freeBytes, running.length) };
  };

  /** It has been claimed. */
  begin(recording: RecordingWithHistory): void {
    this.#running.set(recording.id, needOf(this.#sizes.get(recording.id) ?? 0));
  }

  end({ id }: RecordingWithHistory): void {
    this.#running.delete(id);
    this.#sizes.delete(id);
  }

  /** The file system that has not enough room; the cache and the outputs may be on one. */
  async #tightDisk(output: string, archive: number, outputs: number): Promise<FileSystem | undefined> {
    const { cacheFolder } = this.#options;
    const look = this.#options.fileSystemOf ?? fileSystemOf;
    const cache = await look(cacheFolder);
    const place = isAddress(output) ? cache : await look(output);
    if (place.device === cache.device) return archive + outputs > cache.freeBytes ? cache : undefined;
    if (archive > cache.freeBytes) return cache;
    return outputs > place.freeBytes ? place : undefined;
  }

  async #sizeOf({ id, link }: RecordingWithHistory): Promise<number> {
    const known = link?.sizeBytes ?? this.#sizes.get(id);
    if (known !== undefined) return this.#learn(id, known);
    const size = link && (await (this.#options.archiveSize ?? archiveSize)(link.url));
    return size === undefined ? 0 : this.#learn(id, size);
  }

  #learn(id: string, size: number): number {
    this.#sizes.set(id, size);
    return size;
  }
}

const shortOf = (what: string, need: number, free: number, running: number): string =>
  `it needs ${formatBytes(need)} of ${what}; ${formatBytes(free)} are free${running > 0 ? `, with ${running} under way here` : ''}`;
