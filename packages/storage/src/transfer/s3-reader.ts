import { Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { S3Options } from '../s3/options.ts';
import { ofAwsSdk } from '../s3/sdk.ts';
import { type RangeAnswer, type RangeReader, type RangeRequest, Refusal, rangeOf } from './range-reader.ts';

/** Ranges of an object in S3. Where the bucket keeps versions, all are of the version that the first answer was of. */
export async function openS3Reader(
  { bucket, key }: { readonly bucket: string; readonly key: string },
  options: S3Options,
): Promise<RangeReader> {
  const { GetObjectCommand } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const { createS3Client } = await import('../s3/client.ts');
  const client = await createS3Client(options);
  // Repeating is done above, in the same way for both kinds of reader.
  client.config.retryStrategy = async () => ({ mode: 'none', retry: (next, args) => next(args) });
  // rclone's serve s3 sends the checksum of the whole beside a part, and the SDK would hold the one against the other.
  client.config.responseChecksumValidation = async () => 'WHEN_REQUIRED';
  let version: string | undefined;

  const get = async (
    { from, to, onlyIf, unless, signal }: RangeRequest,
    versionId: string | undefined,
  ): Promise<GetObjectCommandOutput> => {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      Range: rangeOf(from, to),
      IfMatch: onlyIf?.etag,
      IfNoneMatch: unless,
      VersionId: versionId,
    });
    return await client.send(command, { abortSignal: signal });
  };

  return {
    async open(request) {
      try {
        let output: GetObjectCommandOutput;
        try {
          output = await get(request, version);
        } catch (error) {
          // Reading a version by its id takes a permission of its own, s3:GetObjectVersion.
          if (version === undefined || statusOf(error) !== 403) throw error;
          version = undefined;
          output = await get(request, undefined);
        }
        if (output.VersionId !== undefined && output.VersionId !== 'null') version ??= output.VersionId;
        return toAnswer(output);
      } catch (error) {
        const status = statusOf(error);
        if (status === 304) return { status, body: Readable.from([]) };
        throw status === undefined ? error : refusalOf(status, error as S3Failure);
      }
    },
    async close() {
      client.destroy();
    },
  };
}

interface S3Failure extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Record<string, string> };
}

const statusOf = (error: unknown): number | undefined => (error as S3Failure).$metadata?.httpStatusCode;

function refusalOf(status: number, failure: S3Failure): Refusal {
  const retryAfter = failure.$response?.headers?.['retry-after'];
  return new Refusal(status, {
    code: failure.name,
    text: failure.message,
    retryAfter,
  });
}

/** Without its Content-Encoding: the object is what is stored, as every other tool of S3 has it. */
function toAnswer(output: GetObjectCommandOutput): RangeAnswer {
  const body = (output.Body as Readable | undefined) ?? Readable.from([]);
  body.on('error', () => {});
  return {
    status: output.ContentRange === undefined ? 200 : 206,
    etag: output.ETag,
    lastModified: output.LastModified?.toUTCString(),
    contentRange: output.ContentRange,
    contentLength: output.ContentLength,
    body,
  };
}
