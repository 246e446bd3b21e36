import { tmpdir } from 'node:os';
import type { S3Options } from '@rawreel/storage';
import { type Doors, PACKAGES } from './packages.ts';

/** How what lies at an address is read and written. */
export interface Remote {
  /** Folder in which what was read stays for the next time; undefined: the system's temporary folder, and nothing stays. */
  readonly cacheFolder?: string | undefined;
  /** Whether it stays. Default: true. */
  readonly keep?: boolean | undefined;
  /** What differs from the standard AWS ways. */
  readonly s3?: S3Options | undefined;
}

export const CACHE_LIMITS = {
  /** Recordings are deleted after two weeks unless somebody keeps them: what is older is of no use to anybody. */
  maxAgeMs: 14 * 24 * 3600 * 1000,
  /** Room for the largest calls; those read longest ago go first. */
  maxBytes: 50 * 2 ** 30,
} as const;

/**
 * Where what is read over a network goes, as `@rawreel/storage` takes it; what is too much there is removed first.
 *
 * @throws {StorageError} ERR_CACHE_UNUSABLE
 */
export async function cacheFor(
  { cacheFolder, keep = true }: Remote,
  doors: Pick<Doors, 'storage'> = PACKAGES,
): Promise<{ readonly cacheFolder: string; readonly keep: boolean }> {
  if (cacheFolder === undefined) return { cacheFolder: tmpdir(), keep: false };
  const { evictCache } = await doors.storage();
  await evictCache(cacheFolder, CACHE_LIMITS);
  return { cacheFolder, keep };
}
