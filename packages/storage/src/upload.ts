import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { printable } from '@rawreel/text';
import { contentTypeOf } from './content-types.ts';
import { StorageError } from './errors.ts';
import { toStorageError } from './failures/s3-failures.ts';
import { type ObjectTarget, parseTarget } from './s3/object-target.ts';
import type { S3Options } from './s3/options.ts';
import { ofAwsSdk } from './s3/sdk.ts';
import { SentBytes } from './sent-bytes.ts';

export interface UploadOptions {
  readonly s3?: S3Options | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the server has confirmed, of all. */
  readonly onProgress?: ((sent: number, total: number) => void) | undefined;
  /** Default: by the extension of the key. */
  readonly contentType?: string | undefined;
  /** Only over the object that has this ETag; ERR_OBJECT_CHANGED otherwise. ERR_NOT_SUPPORTED where the server knows no such condition. */
  readonly ifMatch?: string | undefined;
  /** Only where there is no object yet; ERR_OBJECT_CHANGED otherwise. */
  readonly ifNoneMatch?: '*' | undefined;
}

const MIB = 1 << 20;
const READ_SIZE = MIB;
/** With four on their way and one being read, an upload holds 40 MiB. A part is sent again whole when it fails. */
const PART_SIZE = 8 * MIB;
const PARTS_AT_ONCE = 4;
/** S3's limit: files beyond 78 GiB are cut into larger parts. */
const MAX_PARTS = 10_000;
/** Joining many parts takes a server long; they send blanks meanwhile. */
const STALL_MS = 60_000;

/**
 * Uploads a file in parts with a CRC-32 each, which the server checks, then verifies the object: its length, and its checksum or MD5
 * as far as the server tells one. A failed or aborted upload leaves no parts behind; the file stays as it is in any case.
 *
 * @throws {StorageError} ERR_ADDRESS, ERR_NO_CREDENTIALS, ERR_ACCESS_DENIED, ERR_WRONG_REGION, ERR_OBJECT_NOT_FOUND (the bucket),
 *   ERR_UNREACHABLE, ERR_OBJECT_CHANGED and ERR_NOT_SUPPORTED (`ifMatch`, `ifNoneMatch`), ERR_ABORTED, and ERR_UPLOAD_FAILED for what else went wrong,
 *   the verification above all
 */
export async function uploadFile(
  path: string,
  address: string,
  options: UploadOptions = {},
): Promise<{ readonly etag: string }> {
  const { bucket, key, text } = parseTarget(address);
  const { signal } = options;
  const { HeadObjectCommand } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const { createS3Client } = await import('./s3/client.ts');
  const client = createS3Client(options.s3, { socketTimeout: STALL_MS });
  const sending = stoppable(client, signal);
  try {
    const { sent, answered } = await sendFile(path, { bucket, key, text }, sending.client, options);
    const stored = await sending.client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }),
    );
    const difference = sent.differenceTo(stored, answered);
    if (difference !== undefined) {
      throw new StorageError('ERR_UPLOAD_FAILED', `${text} is not what was sent: ${difference}`, {
        hint: 'Something else wrote it meanwhile, or the server lost a part. The file is still here: upload it again.',
      });
    }
    return { etag: stored.ETag ?? '' };
  } catch (error) {
    const failure = signal?.aborted
      ? new StorageError('ERR_ABORTED', `The upload of ${text} was aborted`, { cause: signal.reason })
      : toStorageError(error, text, 'cannot be uploaded', 'ERR_UPLOAD_FAILED');
    throw sending.leavesParts() ? withPartsLeft(failure) : failure;
  } finally {
    client.destroy();
  }
}

async function sendFile(
  path: string,
  { bucket, key, text }: ObjectTarget,
  client: S3Client,
  { contentType = contentTypeOf(key), ifMatch, ifNoneMatch, onProgress }: UploadOptions,
): Promise<{ readonly sent: SentBytes; readonly answered: string | undefined }> {
  const { Upload } = await ofAwsSdk(import('@aws-sdk/lib-storage'));
  await using file = await open(path).catch((cause: Error) => {
    throw new StorageError('ERR_UPLOAD_FAILED', `${text} cannot be uploaded: ${printable(cause.message)}`, {
      cause,
    });
  });
  const { size } = await file.stat();
  const partSize = Math.max(PART_SIZE, Math.ceil(size / MAX_PARTS / MIB) * MIB);
  const sent = new SentBytes(partSize);
  const bytes = file.createReadStream({ highWaterMark: READ_SIZE, autoClose: false });
  const body = Readable.from(sent.through(bytes), { objectMode: false });
  const upload = new Upload({
    client,
    partSize,
    queueSize: PARTS_AT_ONCE,
    params: {
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: contentType,
      ChecksumAlgorithm: 'CRC32',
      IfMatch: ifMatch,
      IfNoneMatch: ifNoneMatch,
    },
  });
  upload.on('httpUploadProgress', ({ loaded = 0 }) => onProgress?.(loaded, size));
  try {
    const { ETag: answered } = await upload.done();
    return { sent, answered };
  } finally {
    body.destroy();
  }
}

function withPartsLeft({ code, message, hint, cause }: StorageError): StorageError {
  const left =
    'Parts of it are left in the bucket, where they cost: aws s3api list-multipart-uploads shows them.';
  return new StorageError(code, message, { hint: hint === '' ? left : `${hint}\n${left}`, cause });
}

/**
 * A client whose requests stop together: on the signal, and when one fails, since `Upload` would send the rest of the file first.
 * What begins an upload and what throws its parts away is let through, or parts would be left.
 */
function stoppable(client: S3Client, signal: AbortSignal | undefined) {
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  let leavesParts = false;
  const send = async (command: Parameters<S3Client['send']>[0]): Promise<unknown> => {
    switch (command.constructor.name) {
      case 'CreateMultipartUploadCommand':
        stop.throwIfAborted();
        return client.send(command);
      case 'AbortMultipartUploadCommand':
        return client.send(command).catch(() => {
          // Thrown, it would hide why the upload failed.
          leavesParts = true;
        });
      default:
        return client.send(command, { abortSignal: stop }).catch((error: unknown) => {
          failed.abort(error);
          throw error;
        });
    }
  };
  return {
    client: Object.create(client, { send: { value: send } }) as S3Client,
    leavesParts: () => leavesParts,
  };
}
