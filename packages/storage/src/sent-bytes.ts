import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';

/** Counts and sums what is sent, as S3 does: each part for itself, and the parts' sums together. */
export class SentBytes {
  readonly #partSize: number;
  #length = 0;
  #wholeCrc = 0;
  #partCrc = 0;
  #partMd5 = createHash('md5');
  readonly #crcs: Buffer[] = [];
  readonly #md5s: Buffer[] = [];

  constructor(partSize: number) {
    this.#partSize = partSize;
  }

  async *through(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + this.#partSize - (this.#length % this.#partSize));
        this.#wholeCrc = crc32(piece, this.#wholeCrc);
        this.#partCrc = crc32(piece, this.#partCrc);
        this.#partMd5.update(piece);
        this.#length += piece.length;
        at += piece.length;
        if (this.#length % this.#partSize === 0) this.#endPart();
      }
      yield chunk;
    }
    if (this.#length % this.#partSize !== 0 || this.#length === 0) this.#endPart();
  }

  #endPart(): void {
    this.#crcs.push(bigEndian(this.#partCrc));
    this.#md5s.push(this.#partMd5.digest());
    this.#partCrc = 0;
    this.#partMd5 = createHash('md5');
  }

  /**
   * In words, how the stored object differs from what was sent.
   *
   * Checksums as AWS and MinIO tell them come first. ETags are MD5 sums with servers that tell none (Swift, Ceph); one that does not
   * look so, as of encrypted objects, is compared with what the upload was answered.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
   */
  differenceTo(stored: HeadObjectCommandOutput, answered: string | undefined): string | undefined {
    if (stored.ContentLength !== this.#length)
      return `${this.#length} bytes were sent, ${stored.ContentLength} are stored`;
    if (stored.ChecksumCRC32 !== undefined) {
      const expected = stored.ChecksumCRC32.includes('-')
        ? `${bigEndian(crc32(Buffer.concat(this.#crcs))).toString('base64')}-${this.#crcs.length}`
        : bigEndian(this.#wholeCrc).toString('base64');
      return stored.ChecksumCRC32 === expected ? undefined : 'its CRC-32 is another';
    }
    const etag = stored.ETag?.replaceAll('"', '') ?? '';
    if (/^[0-9a-f]{32}(-\d+)?$/.test(etag))
      return etag === this.#etagLike(etag) ? undefined : 'its MD5 is another';
    return stored.ETag === answered ? undefined : 'its ETag is not the one that the upload was answered';
  }

  #etagLike(etag: string): string {
    if (!etag.includes('-')) return this.#md5s[0]?.toString('hex') ?? '';
    return `${createHash('md5').update(Buffer.concat(this.#md5s)).digest('hex')}-${this.#md5s.length}`;
  }
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
