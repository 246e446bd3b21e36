import { printable } from '@rawreel/text';
import { StorageError } from './errors.ts';
import { toStorageError } from './failures/s3-failures.ts';
import type { S3Options } from './s3/options.ts';
import { ofAwsSdk } from './s3/sdk.ts';

export interface ListedObject {
  /** `s3://bucket/key`, for everything that takes an address. */
  readonly address: string;
  readonly key: string;
  readonly byteLength: number;
  /** By the server's clock. */
  readonly modifiedAt: Date;
}

export interface ListOptions {
  readonly s3?: S3Options | undefined;
  readonly signal?: AbortSignal | undefined;
}

const STALL_MS = 60_000;

/**
 * Every object whose key begins with what stands behind the bucket, in the order of keys, a thousand a request:
 * `s3://bucket`, `s3://bucket/events/`.
 *
 * @throws {StorageError} ERR_ADDRESS, ERR_NO_CREDENTIALS, ERR_ACCESS_DENIED, ERR_WRONG_REGION, ERR_OBJECT_NOT_FOUND (the bucket),
 *   ERR_UNREACHABLE, ERR_ABORTED, ERR_BAD_ANSWER
 */
export async function* listObjects(
  address: string,
  { s3, signal }: ListOptions = {},
): AsyncGenerator<ListedObject> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/is.exec(address) ?? [];
  if (bucket === undefined)
    throw new StorageError('ERR_ADDRESS', `${printable(address)} names no bucket`, {
      hint: 'Write s3://bucket or s3://bucket/prefix.',
    });
  const { paginateListObjectsV2 } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const { createS3Client } = await import('./s3/client.ts');
  const client = createS3Client(s3, { socketTimeout: STALL_MS });
  try {
    const pages = paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: prefix },
      { abortSignal: signal },
    );
    for await (const { Contents = [] } of pages)
      for (const { Key: key, Size: byteLength = 0, LastModified: modifiedAt } of Contents)
        if (key !== undefined && modifiedAt !== undefined)
          yield { address: `s3://${bucket}/${key}`, key, byteLength, modifiedAt };
  } catch (error) {
    if (signal?.aborted)
      throw new StorageError('ERR_ABORTED', `The listing of ${printable(address)} was aborted`, {
        cause: signal.reason,
      });
    throw toStorageError(error, printable(address), 'cannot be listed', 'ERR_BAD_ANSWER');
  } finally {
    client.destroy();
  }
}
