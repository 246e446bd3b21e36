import { StorageError } from '../errors.ts';

/**
 * A package of the AWS SDK. They are optional peers, 23 MB on disk: who opens no bucket installs none.
 *
 * @param loading its import, written out at the caller's for the sake of types and bundlers
 * @throws {StorageError} ERR_NO_AWS_SDK
 */
export async function ofAwsSdk<Package>(loading: Promise<Package>): Promise<Package> {
  try {
    return await loading;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new StorageError('ERR_NO_AWS_SDK', 'Buckets are opened with the AWS SDK, which is not installed', {
      hint: 'Install it: npm install @aws-sdk/client-s3 @aws-sdk/lib-storage @aws-sdk/s3-request-presigner',
      cause,
    });
  }
}
