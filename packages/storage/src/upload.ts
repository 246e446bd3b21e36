import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { printable } from '@rawreel/text';
import { describeAddress, parseAddress } from './address.ts';
import { contentTypeOf } from './content-types.ts';
import { StorageError } from './errors.ts';
import type { S3Options } from './s3/options.ts';
import { toStorageError } from './s3/s3-errors.ts';
import { ofAwsSdk } from './s3/sdk.ts';

export interface UploadOptions {
  readonly s3?: S3Options | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the server has confirmed, of all. */
  readonly onProgress?: (sent: number, total: number) => void;
  /** By the extension of the key unless told. */
  readonly contentType?: string;
  /** Only over the object that has this ETag; ERR_OBJECT_CHANGED otherwise. ERR_NOT_SUPPORTED where the server knows no such condition. */
  readonly ifMatch?: string;
  /** Only where there is no object yet; ERR_OBJECT_CHANGED otherwise. */
  readonly ifNoneMatch?: '*';
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
      : toStorageError(error, `${text} cannot be uploaded`, 'ERR_UPLOAD_FAILED');
    throw sending.leavesParts() ? withPartsLeft(failure) : failure;
  } finally {
    client.destroy();
  }
}

async function sendFile(
  path: string,
  { bucket, key, text }: Target,
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
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
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
 * The bytes of an object that is expected to be small, such as a manifest, and its ETag; undefined where there is none.
 *
 * @throws {StorageError} as `uploadFile`; ERR_BAD_ANSWER when it is larger than `maxBytes`
 */
export async function downloadSmall(
  address: string,
  options: {
    readonly maxBytes: number;
    readonly s3?: S3Options | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
  const { bucket, key, text } = parseTarget(address);
  const { maxBytes, signal } = options;
  const { GetObjectCommand } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const { createS3Client } = await import('./s3/client.ts');
  const client = createS3Client(options.s3, { socketTimeout: STALL_MS });
  try {
    const { Body, ContentLength, ETag } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    const chunks: Uint8Array[] = [];
    let length = ContentLength ?? 0;
    if (length <= maxBytes) {
      length = 0;
      for await (const chunk of Body as Readable) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) break;
      }
    }
    if (length > maxBytes) {
      throw new StorageError(
        'ERR_BAD_ANSWER',
        `${text} is larger than the ${maxBytes} bytes that are read of it`,
      );
    }
    return { bytes: Buffer.concat(chunks), etag: ETag ?? '' };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    if (signal?.aborted)
      throw new StorageError('ERR_ABORTED', `Reading ${text} was aborted`, { cause: signal.reason });
    throw toStorageError(error, `${text} cannot be read`, 'ERR_BAD_ANSWER');
  } finally {
    client.destroy();
  }
}

/**
 * Removes an object; one that is not there is none.
 *
 * @throws {StorageError} as `uploadFile`
 */
export async function removeObject(
  address: string,
  options: { readonly s3?: S3Options | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { bucket, key, text } = parseTarget(address);
  const { signal } = options;
  const { DeleteObjectCommand } = await ofAwsSdk(import('@aws-sdk/client-s3'));
  const { createS3Client } = await import('./s3/client.ts');
  const client = createS3Client(options.s3, { socketTimeout: STALL_MS });
  try {
    await client.send(
      new DeleteObjectCommand({ Bucket: bucket, Key: key }),
      signal === undefined ? {} : { abortSignal: signal },
    );
  } catch (error) {
    if (signal?.aborted)
      throw new StorageError('ERR_ABORTED', `Removing ${text} was aborted`, { cause: signal.reason });
    throw toStorageError(error, `${text} cannot be removed`, 'ERR_BAD_ANSWER');
  } finally {
    client.destroy();
  }
}

interface Target {
  readonly bucket: string;
  readonly key: string;
  /** For people. */
  readonly text: string;
}

function parseTarget(address: string): Target {
  const target = parseAddress(address);
  const text = describeAddress(target);
  if (target.scheme === 's3') return { bucket: target.bucket, key: target.key, text };
  throw new StorageError('ERR_ADDRESS', `${text} cannot be written to`, { hint: 'Give s3://bucket/key.' });
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

/** Counts and sums what is sent, as S3 does: each part for itself, and the parts' sums together. */
class SentBytes {
  private readonly partSize: number;
  private length = 0;
  private wholeCrc = 0;
  private partCrc = 0;
  private partMd5 = createHash('md5');
  private readonly crcs: Buffer[] = [];
  private readonly md5s: Buffer[] = [];

  constructor(partSize: number) {
    this.partSize = partSize;
  }

  async *through(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + this.partSize - (this.length % this.partSize));
        this.wholeCrc = crc32(piece, this.wholeCrc);
        this.partCrc = crc32(piece, this.partCrc);
        this.partMd5.update(piece);
        this.length += piece.length;
        at += piece.length;
        if (this.length % this.partSize === 0) this.endPart();
      }
      yield chunk;
    }
    if (this.length % this.partSize !== 0 || this.length === 0) this.endPart();
  }

  private endPart(): void {
    this.crcs.push(bigEndian(this.partCrc));
    this.md5s.push(this.partMd5.digest());
    this.partCrc = 0;
    this.partMd5 = createHash('md5');
  }

  /**
   * In words, how the stored object differs from what was sent.
   *
   * Checksums as AWS and MinIO tell them come first. ETags are MD5 sums with servers that tell none (Swift, Ceph); one that does not
   * look so, as of encrypted objects, is compared with what the upload was answered.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
   */
  differenceTo(stored: HeadObjectCommandOutput, answered: string | undefined): string | undefined {
    if (stored.ContentLength !== this.length)
      return `${this.length} bytes were sent, ${stored.ContentLength} are stored`;
    if (stored.ChecksumCRC32 !== undefined) {
      const expected = stored.ChecksumCRC32.includes('-')
        ? `${bigEndian(crc32(Buffer.concat(this.crcs))).toString('base64')}-${this.crcs.length}`
        : bigEndian(this.wholeCrc).toString('base64');
      return stored.ChecksumCRC32 === expected ? undefined : 'its CRC-32 is another';
    }
    const etag = stored.ETag?.replaceAll('"', '') ?? '';
    if (/^[0-9a-f]{32}(-\d+)?$/.test(etag))
      return etag === this.etagLike(etag) ? undefined : 'its MD5 is another';
    return stored.ETag === answered ? undefined : 'its ETag is not the one that the upload was answered';
  }

  private etagLike(etag: string): string {
    if (!etag.includes('-')) return this.md5s[0]?.toString('hex') ?? '';
    return `${createHash('md5').update(Buffer.concat(this.md5s)).digest('hex')}-${this.md5s.length}`;
  }
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
