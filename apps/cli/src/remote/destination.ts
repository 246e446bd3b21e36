import type { Report } from '@rawreel/processor';
import type { RemoteSettings } from '../declare/settings.ts';
import type { Surroundings } from '../surroundings.ts';

/** Where outputs go, and what becomes of them once they are finished. */
export interface Destination extends AsyncDisposable {
  /** The folder that they are made in. */
  readonly folder: string;
  /** What a person calls the place where they end up. */
  readonly shown: string;
  /** Told of each file that is whole, by its path in the folder; others are still being made. */
  readonly onFinished: (file: string) => void;
  /** All is made: resolves when all is where it belongs, with the report of that. */
  finish(report: Report): Promise<Report>;
}

/** @param output a folder, or `s3://bucket/prefix` */
export async function openDestination(
  output: string,
  remote: RemoteSettings,
  around: Surroundings,
): Promise<Destination> {
  const { isAddress } = await import('@rawreel/storage/address');
  if (!isAddress(output)) return inFolder(output);
  const { openBucketDestination } = await import('./bucket-destination.ts');
  return await openBucketDestination(output, remote, around);
}

const inFolder = (folder: string): Destination => ({
  folder,
  shown: folder,
  onFinished: () => undefined,
  finish: (report) => Promise.resolve(report),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});
