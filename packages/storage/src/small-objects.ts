import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { StorageError } from './errors.ts';
import { toStorageError } from './failures/s3-failures.ts';
import { parseTarget } from './s3/object-target.ts';
import type { S3Options } from './s3/options.ts';
import { ofAwsSdk } from './s3/sdk.ts';

interface RequestOptions {
  readonly s3?: S3Options | undefined;
  readonly signal?: AbortSignal | undefined;
}

const STALL_MS = 60_000;

/**
 * The bytes of an object that is expected to be small, such as a manifest, and its ETag; undefined where there is none.
 *
 * @throws {StorageError} as `uploadFile`; ERR_BAD_ANSWER when it is larger than `maxBytes`
 */
export async function downloadSmall(
  address: string,
  { maxBytes, ...options }: RequestOptions & { readonly maxBytes: number },
): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
  const { bucket, key, text } = parseTarget(address);
  const { GetObjectCommand } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const failing = { subject: text, action: 'cannot be read', aborted: `Reading ${text} was aborted` };
  return withClient(options, failing, async (client, http) => {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), http);
      const tooLarge = () =>
        new StorageError(
          'ERR_BAD_ANSWER',
          `${text} is larger than the ${maxBytes} bytes that are read of it`,
        );
      if ((answer.ContentLength ?? 0) > maxBytes) throw tooLarge();
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of answer.Body as Readable) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) throw tooLarge();
      }
      return { bytes: Buffer.concat(chunks), etag: answer.ETag ?? '' };
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  });
}

/**
 * Removes an object; one that is not there is none.
 *
 * @throws {StorageError} as `uploadFile`
 */
export async function removeObject(address: string, options: RequestOptions = {}): Promise<void> {
  const { bucket, key, text } = parseTarget(address);
  const { DeleteObjectCommand } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const failing = { subject: text, action: 'cannot be removed', aborted: `Removing ${text} was aborted` };
  await withClient(options, failing, (client, http) =>
    client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), http),
  );
}

interface Failing {
  readonly subject: string;
  readonly action: string;
  readonly aborted: string;
}

/** A client for one request. What fails becomes a StorageError. */
async function withClient<T>(
  { s3, signal }: RequestOptions,
  { subject, action, aborted }: Failing,
  work: (client: S3Client, http: { abortSignal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { createS3Client } = await import('./s3/client.ts');
  const client = createS3Client(s3, { socketTimeout: STALL_MS });
  try {
    return await work(client, signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    if (signal?.aborted) throw new StorageError('ERR_ABORTED', aborted, { cause: signal.reason });
    throw toStorageError(error, subject, action, 'ERR_BAD_ANSWER');
  } finally {
    client.destroy();
  }
}
