import { tmpdir } from 'node:os';
import type { OpenOptions } from '@rawreel/archive';
import { isAddress } from '@rawreel/storage/address';
import type { Input, Limits, RemoteSettings } from '../declare/settings.ts';
import type { OpenedRecording } from '../doors.ts';
import type { Surroundings } from '../surroundings.ts';
import { byteSize } from '../terminal/units.ts';
import type { TransferTold } from './tell-transfer.ts';

/** Recordings are deleted after two weeks unless somebody keeps them: what is older is of no use to anybody. */
const KEPT_FOR_MS = 14 * 24 * 3600 * 1000;

/** Room for the largest calls; those read longest ago go first. */
const KEPT_BYTES = 50 * 2 ** 30;

export interface InputSettings {
  readonly input: Input;
  readonly remote: RemoteSettings;
  readonly limits: Limits;
}

/** Opens the recording that a command names, on this machine or at an address. */
export async function openInput(
  { input, remote, limits }: InputSettings,
  around: Surroundings,
  told: TransferTold,
  options: Pick<OpenOptions, 'spoolFolder'> = {},
): Promise<OpenedRecording> {
  const { signal, doors } = around;
  const { openRecording } = await doors.archive();
  if (!isAddress(input.path)) return await openRecording(input.path, { signal, limits, ...options });
  const cache = await cacheFor(remote, around);
  try {
    return await openRecording(input.path, {
      signal,
      limits,
      ...options,
      remote: {
        ...cache,
        onProgress: told.onTransfer,
        ...(remote.s3Endpoint !== undefined && { s3: { endpoint: remote.s3Endpoint } }),
      },
    });
  } finally {
    told.pause();
  }
}

/**
 * Where what is read over a network goes; what is too much there is removed first. A user who has no place for a cache
 * reads through a temporary folder.
 */
export async function cacheFor(
  remote: RemoteSettings,
  { doors }: Surroundings,
): Promise<{ readonly cacheFolder: string; readonly keep: boolean }> {
  const cacheFolder = await usableCacheFolder(remote);
  if (cacheFolder === undefined) return { cacheFolder: tmpdir(), keep: false };
  const { evictCache } = await doors.storage();
  await evictCache(cacheFolder, { maxBytes: KEPT_BYTES, maxAgeMs: KEPT_FOR_MS });
  return { cacheFolder, keep: remote.keep };
}

/** The folder that was given, else the user's own; undefined where the user has none. */
export async function cacheFolderOf({
  cacheFolder,
}: {
  readonly cacheFolder?: string;
}): Promise<string | undefined> {
  if (cacheFolder !== undefined) return cacheFolder;
  const { userCacheFolder } = await import('./cache-folder.ts');
  return await userCacheFolder();
}

/** As cacheFolderOf; undefined, too, where the user's own cannot be written to. Of one that was given, using it tells. */
export async function usableCacheFolder(remote: {
  readonly cacheFolder?: string;
}): Promise<string | undefined> {
  const folder = await cacheFolderOf(remote);
  if (folder === undefined || remote.cacheFolder !== undefined) return folder;
  const { isWritable } = await import('./cache-folder.ts');
  return (await isWritable(folder)) ? folder : undefined;
}

/** How much came over the network; undefined where nothing had to. */
export function readOverNetwork({ transferred, container }: OpenedRecording): string | undefined {
  if (transferred === undefined) return undefined;
  return `${byteSize(transferred)} of ${byteSize(container.byteLength)} read over the network`;
}
