import { isAddress, withoutSecrets } from '@rawreel/storage/address';
import type { Remote } from './cache.ts';
import type { Destination } from './destination.ts';
import { DeliveryError } from './errors.ts';
import { type Doors, PACKAGES } from './packages.ts';

const BUCKET = /^s3:[/][/][^/]/i;

/** Whether files can be put there: a folder, or `s3://bucket/prefix`. */
export function isDestination(output: string): boolean {
  return BUCKET.test(output) || !isAddress(output);
}

/** @throws {DeliveryError} ERR_DESTINATION */
export function checkedDestination(output: string): string {
  if (isDestination(output)) return output;
  throw new DeliveryError(
    'ERR_DESTINATION',
    `${withoutSecrets(output)} is no destination for files`,
    'Give a folder, or s3://bucket/prefix.',
  );
}

/**
 * @param output a folder, or `s3://bucket/prefix`
 * @throws {DeliveryError} ERR_DESTINATION
 * @throws {StorageError | ProcessorError} where the bucket cannot be reached, or its manifest not be read
 */
export async function openDestination(
  output: string,
  {
    remote = {},
    signal,
  }: { readonly remote?: Remote | undefined; readonly signal?: AbortSignal | undefined } = {},
  doors: Pick<Doors, 'processor' | 'storage'> = PACKAGES,
): Promise<Destination> {
  if (!isAddress(checkedDestination(output))) return inFolder(output);
  const { openBucketDestination } = await import('./bucket-destination.ts');
  return await openBucketDestination(output.replace(/[/]+$/, ''), remote, signal, doors);
}

const inFolder = (folder: string): Destination => ({
  folder,
  shown: folder,
  isElsewhere: false,
  onFinished: () => undefined,
  finish: (report) => Promise.resolve(report),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});
