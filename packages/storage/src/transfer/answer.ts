import type { RangeAnswer, RangeRequest, Validators } from './range-reader.ts';

/** One version of an object. */
export interface Identity extends Validators {
  readonly byteLength: number;
}

/** An answer that cannot be used; one that is `final` would be the same again. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
  readonly final: boolean;

  constructor(message: string, details: { readonly final?: boolean } = {}) {
    super(message);
    this.final = details.final ?? false;
  }
}

/** The object is not the one that reading began with. */
export class Changed extends Error {
  override readonly name = 'Changed';
}

export interface Contents extends Validators {
  readonly from: number;
  /** End of what the answer holds; unknown for a whole that is compressed, or that was sent without a length. */
  readonly to: number | undefined;
  /** Of the object. */
  readonly byteLength: number | undefined;
  readonly isWhole: boolean;
  readonly isCompressed: boolean;
}

/**
 * What an answer to a request holds. A part is taken as it is stored, whatever encoding it is said to have: its range,
 * its length and its ETag are those of the stored bytes.
 *
 * @throws {BadAnswer} when it contradicts itself or is not what was asked for
 */
export function readAnswer(answer: RangeAnswer, asked: Pick<RangeRequest, 'from' | 'to'>): Contents {
  // rclone's serve s3 (1.75) sends parts with status 200: taken for the whole, an object would end after 64 KiB.
  const isPart = answer.status === 206 || answer.contentRange !== undefined;
  return { ...validatorsOf(answer), ...(isPart ? readPart(answer, asked) : readWhole(answer)) };
}

/** @throws {Changed} @throws {BadAnswer} */
export function requireSame(contents: Contents, identity: Identity): void {
  if (contents.etag !== identity.etag) throw new Changed('its ETag is another one');
  if (identity.etag === undefined && contents.lastModified !== identity.lastModified) {
    throw new Changed('its date is another one');
  }
  if (contents.byteLength === identity.byteLength) return;
  if (identity.etag === undefined) throw new Changed('its length is another one');
  throw new BadAnswer('it gave two lengths for the same object');
}

/** Whether another answer can be told to be of the same object. */
export function isVerifiable({ etag, lastModified }: Validators): boolean {
  return etag !== undefined || lastModified !== undefined;
}

/** A weak ETag promises the same meaning, not the same bytes: then the date has to do. */
function validatorsOf({ etag, lastModified }: RangeAnswer): Validators {
  const isStrong = etag?.startsWith('"') === true;
  return { etag: isStrong ? etag : undefined, lastModified };
}

/** RFC 9110, 14.4: `bytes 0-65535/1234567`. */
function readPart({ contentRange, contentLength }: RangeAnswer, asked: { from: number; to: number }) {
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/i.exec(contentRange ?? '') ?? [];
  if (total === undefined) throw new BadAnswer('it does not say which part it sent');
  const from = Number(first);
  const to = Number(last) + 1;
  const byteLength = Number(total);
  if (from !== asked.from || to <= from || to > asked.to || to > byteLength) {
    throw new BadAnswer('it sent another part than it was asked for');
  }
  if (contentLength !== undefined && contentLength !== to - from) {
    throw new BadAnswer('it gave two lengths for the part that it sent');
  }
  return { from, to, byteLength, isWhole: false, isCompressed: false };
}

function readWhole({ contentLength, contentEncoding }: RangeAnswer) {
  const encoding = contentEncoding?.trim().toLowerCase() ?? 'identity';
  const isCompressed = encoding === 'gzip' || encoding === 'x-gzip';
  if (!isCompressed && encoding !== 'identity' && encoding !== '') {
    throw new BadAnswer('it compresses what it was asked to send as it is', { final: true });
  }
  const byteLength = isCompressed ? undefined : contentLength;
  return { from: 0, to: byteLength, byteLength, isWhole: true, isCompressed };
}
