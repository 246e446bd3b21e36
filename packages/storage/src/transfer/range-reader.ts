import type { Readable } from 'node:stream';

/** What tells one version of an object from another. */
export interface Validators {
  /** As the header has it: with its quotes, and `W/` before a weak one. */
  readonly etag?: string | undefined;
  /** As the header has it. */
  readonly lastModified?: string | undefined;
}

/** Bytes `from` ≤ position < `to` of an object; from 0 to Infinity is the whole, asked for without a range. */
export interface RangeRequest {
  readonly from: number;
  readonly to: number;
  /** Only if it is still this one: refused with 412 otherwise. */
  readonly onlyIf?: Validators | undefined;
  /** Only if its ETag is not this one any more: answered with 304 otherwise. */
  readonly unless?: string | undefined;
  readonly signal: AbortSignal;
}

export interface RangeAnswer extends Validators {
  /** The whole, a part of it, or nothing, because `unless` holds. */
  readonly status: 200 | 206 | 304;
  readonly contentRange?: string | undefined;
  readonly contentLength?: number | undefined;
  readonly contentEncoding?: string | undefined;
  readonly body: Readable;
}

/**
 * Asks for ranges of one object, once each: what an answer is worth, and what is tried again, is decided above.
 *
 * `open` throws a `Refusal` for every other status, and what its client throws where there is no answer.
 */
export interface RangeReader {
  open(request: RangeRequest): Promise<RangeAnswer>;
  close(): Promise<void>;
}

/** The `Range` header (RFC 9110, 14.2); undefined for the whole. */
export const rangeOf = (from: number, to: number): string | undefined =>
  to === Number.POSITIVE_INFINITY ? undefined : `bytes=${from}-${to - 1}`;

/** An answer that is none. Of what the server wrote it keeps only what is known to hold no secret. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Storage's own word for it, `NoSuchKey` say; empty where it gave none. */
  readonly code: string;
  /** It says that a time is over. */
  readonly saysExpired: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    details: {
      readonly code?: string | undefined;
      readonly text?: string | undefined;
      readonly retryAfter?: string | undefined;
    },
  ) {
    const code = /^[\w.-]{1,64}$/.test(details.code ?? '') ? (details.code ?? '') : '';
    super(code === '' ? `status ${status}` : `status ${status}, ${code}`);
    this.status = status;
    this.code = code;
    this.saysExpired =
      /^(Expired|TokenRefreshRequired)/.test(code) ||
      /expired|not valid in the specified time frame/i.test(details.text ?? '');
    this.retryAfterMs = toMilliseconds(details.retryAfter);
  }
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function toMilliseconds(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
