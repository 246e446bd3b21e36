import { proxyHint } from './proxies.ts';

export type StorageErrorCode =
  /** An address that is no `s3://bucket/key` and no URL, or of a scheme that is read another way (`gs://`). */
  | 'ERR_ADDRESS'
  | 'ERR_OBJECT_NOT_FOUND'
  /** A signed URL whose time is over. */
  | 'ERR_LINK_EXPIRED'
  | 'ERR_ACCESS_DENIED'
  | 'ERR_NO_CREDENTIALS'
  /** An `s3://` address, where the AWS SDK is not installed. */
  | 'ERR_NO_AWS_SDK'
  | 'ERR_WRONG_REGION'
  /** The object is not the one that reading began with. */
  | 'ERR_OBJECT_CHANGED'
  /** The server answered, again and again, with what cannot be used. */
  | 'ERR_BAD_ANSWER'
  /** No connection, or one that broke or stalled more often than is repeated. */
  | 'ERR_UNREACHABLE'
  /** A length that nobody says before its end, and that does not end. */
  | 'ERR_OBJECT_TOO_LARGE'
  | 'ERR_NO_SPACE'
  | 'ERR_CACHE_UNUSABLE'
  | 'ERR_UPLOAD_FAILED'
  /** The server does not know what was asked of it, such as a condition on an upload. */
  | 'ERR_NOT_SUPPORTED'
  | 'ERR_ABORTED';

/**
 * Why an object could not be read or written.
 *
 * `message` is one line saying what; `hint` is empty or one or two lines saying where or why, and what to do. Neither holds a
 * secret part of an address, and control characters of foreign text are escaped.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly hint: string;

  constructor(code: StorageErrorCode, message: string, details: { hint?: string; cause?: unknown } = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : {});
    this.code = code;
    const hints = [details.hint ?? '', code === 'ERR_UNREACHABLE' ? proxyHint() : ''];
    this.hint = hints.filter(Boolean).join('\n');
  }
}
