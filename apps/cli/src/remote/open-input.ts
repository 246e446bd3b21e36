import type { Remote } from '@rawreel/delivery';
import { openInput } from '@rawreel/delivery/open-input';
import { isAddress } from '@rawreel/storage/address';
import type { Context } from '../context.ts';
import type { OpenedRecording } from '../lazy-packages.ts';
import type { Input, Limits } from '../options/input.ts';
import type { RemoteSettings } from '../options/remote.ts';
import { showTransfer } from './transfer-progress.ts';

export interface InputSettings {
  readonly input: Input;
  readonly remote: RemoteSettings;
  readonly limits?: Limits | undefined;
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** Opens the recording that a command only looks at, and tells what has to be read over a network for that. */
export async function openToLook(
  { input, remote, limits, quiet, progress }: InputSettings,
  context: Context,
): Promise<OpenedRecording> {
  const { signal, packages } = context;
  const transfer = showTransfer(quiet || !progress, context);
  const source = {
    input: input.path,
    description: input.shown,
    limits,
    remote: await remoteFor(remote, input.path),
  };
  try {
    return await openInput(source, { signal, onTransfer: transfer.onTransfer }, packages);
  } finally {
    transfer.pause();
  }
}

/** As remoteOf; where none of the places is an address, no folder is looked for. */
export async function remoteFor(
  settings: RemoteSettings,
  ...places: readonly string[]
): Promise<Remote | undefined> {
  return places.some(isAddress) ? await remoteOf(settings) : undefined;
}

/** How a command reads and writes what lies at an address: through the folder that was given, else the user's own. */
export async function remoteOf({ cacheFolder, keep, s3Endpoint }: RemoteSettings): Promise<Remote> {
  const s3 = s3Endpoint === undefined ? undefined : { endpoint: s3Endpoint };
  // Of a folder that was given, using it tells whether it can be written to.
  if (cacheFolder !== undefined) return { cacheFolder, keep, s3 };
  const { writableCacheFolder } = await import('./cache-folder.ts');
  return { cacheFolder: await writableCacheFolder(), keep, s3 };
}
