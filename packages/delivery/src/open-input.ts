import type { OpenOptions, ReadingLimits } from '@rawreel/archive';
import type { TransferProgress } from '@rawreel/storage';
import { isAddress } from '@rawreel/storage/address';
import type { Remote } from './cache.ts';
import { type Doors, type OpenedRecording, PACKAGES } from './packages.ts';

/** A recording, and how it is read. */
export interface Source {
  /** Path of an archive or a folder, or an address of an archive (`s3://bucket/key`, `https://…`). */
  readonly input: string;
  /** What a file is called, where that is not its path. */
  readonly description?: string | undefined;
  readonly limits?: ReadingLimits | undefined;
  /** Of no use to a path. Default: nothing of it is kept. */
  readonly remote?: Remote | undefined;
}

export interface InputOptions extends Pick<OpenOptions, 'signal' | 'spoolFolder'> {
  /** What the network does, also after opening. */
  readonly onTransfer?: ((event: TransferProgress) => void) | undefined;
}

/**
 * Opens a recording, on this machine or through the cache.
 *
 * @throws {ArchiveError | StorageError} as `openRecording` of `@rawreel/archive`
 */
export async function openInput(
  { input, description, limits, remote = {} }: Source,
  { signal, spoolFolder, onTransfer }: InputOptions = {},
  doors: Pick<Doors, 'archive' | 'storage'> = PACKAGES,
): Promise<OpenedRecording> {
  const { openRecording } = await doors.archive();
  if (!isAddress(input)) return await openRecording(input, { description, signal, limits, spoolFolder });
  const { cacheFor } = await import('./cache.ts');
  const cache = await cacheFor(remote, doors);
  return await openRecording(input, {
    signal,
    limits,
    spoolFolder,
    remote: { ...cache, s3: remote.s3, onProgress: onTransfer },
  });
}
