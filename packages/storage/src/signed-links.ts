import { parseAddress, withoutSecrets } from './address.ts';
import { StorageError } from './errors.ts';
import { toStorageError } from './failures/s3-failures.ts';
import type { S3Options } from './s3/options.ts';
import { ofAwsSdk } from './s3/sdk.ts';

export interface SignedLinkOptions {
  /** A week at most. What temporary credentials sign ends with them, if that is sooner. */
  readonly seconds: number;
  readonly s3?: S3Options | undefined;
}

/**
 * Links by which anybody can read objects of a bucket for a while, with the rights of whose credentials sign them. The server is not asked:
 * whether the objects are there, and may be read, shows when a link is opened.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html
 *
 * @param addresses `s3://bucket/key`
 * @throws {StorageError} ERR_ADDRESS, ERR_NO_CREDENTIALS, ERR_WRONG_REGION
 */
export async function signedLinks(
  addresses: readonly string[],
  { seconds, s3 }: SignedLinkOptions,
): Promise<readonly string[]> {
  const { GetObjectCommand } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const { getSignedUrl } = await ofAwsSdk(import('@aws-sdk/s3-request-presigner'));
  const { createS3Client } = await import('./s3/client.ts');
  const client = createS3Client(s3);
  try {
    return await Promise.all(
      addresses.map((text) => {
        const address = parseAddress(text);
        if (address.scheme !== 's3')
          throw new StorageError('ERR_ADDRESS', `${withoutSecrets(text)} is in no bucket`, {
            hint: 'Only objects of buckets get links: s3://bucket/key.',
          });
        const { bucket: Bucket, key: Key } = address;
        return getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: seconds });
      }),
    );
  } catch (error) {
    throw toStorageError(error, 'Links', 'cannot be signed', 'ERR_BAD_ANSWER');
  } finally {
    client.destroy();
  }
}
