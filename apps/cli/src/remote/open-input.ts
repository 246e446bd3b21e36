import type { Remote } from '@rawreel/delivery';
import { openInput } from '@rawreel/delivery/open-input';
import { isAddress } from '@rawreel/storage/address';
import type { Input, Limits, RemoteSettings } from '../declare/settings.ts';
import type { OpenedRecording } from '../doors.ts';
import type { Surroundings } from '../surroundings.ts';
import { tellTransfer } from './tell-transfer.ts';

export interface InputSettings {
  readonly input: Input;
  readonly remote: RemoteSettings;
  readonly limits: Limits;
  readonly quiet: boolean;
}

/** Opens the recording that a command only looks at, and tells what has to be read over a network for that. */
export async function openToLook(
  { input, remote, limits, quiet }: InputSettings,
  around: Surroundings,
): Promise<OpenedRecording> {
  const { signal, doors } = around;
  const told = tellTransfer(quiet, around);
  const source = { input: input.path, limits, remote: await remoteFor(remote, input.path) };
  try {
    return await openInput(source, { signal, onTransfer: told.onTransfer }, doors);
  } finally {
    told.pause();
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
